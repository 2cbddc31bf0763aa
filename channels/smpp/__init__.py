"""SMS through a centre of our own choice by SMPP 3.4: an aggregator, a network, or a modem."""
