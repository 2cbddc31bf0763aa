// Sends what is written, shows what comes back. Without this file the page's plain forms do it.
"use strict";

const log = document.getElementById("log");
const state = document.getElementById("state");
const note = document.getElementById("note");
const form = document.getElementById("write");
const box = document.getElementById("text");
const say = log.dataset;
const unsent = [];

let last = Number(say.last);
let waiting = say.waiting === "yes";
let sending = false;
let listening = false;
let looking = new AbortController();

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function make(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function dropChoices() {
  const held = document.activeElement && document.activeElement.closest(".choices");
  log.querySelectorAll(".choices").forEach((old) => old.remove());
  if (held) box.focus();
}

function show(message) {
  if (!message.inbound) {
    if (log.querySelector(`[data-id="${Number(message.id)}"]`)) return null;
    last = Math.max(last, message.id);
  }
  dropChoices();
  const part = make("div", `message ${message.inbound ? "you" : "us"}`, "");
  const words = make("p", "", message.text);
  words.prepend(make("span", "who", `${message.inbound ? say.you : say.us}: `));
  part.append(words);
  if (!message.inbound) part.dataset.id = message.id;
  if (message.buttons.length) part.append(choices(message.buttons));
  log.append(part);
  reveal(part);
  return part;
}

// A message longer than the screen is shown from its beginning.
function reveal(part) {
  window.scrollTo(0, document.documentElement.scrollHeight);
  const edge = document.querySelector("header").getBoundingClientRect().bottom;
  if (part && part.getBoundingClientRect().top < edge) part.scrollIntoView({ block: "start" });
}

function choices(buttons) {
  const group = make("div", "choices", "");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", say.choices);
  for (const { title } of buttons) {
    const button = make("button", "", title);
    button.type = "button";
    button.value = title;
    group.append(button);
  }
  return group;
}

function setWaiting(now) {
  waiting = now;
  const words = now ? say.typing : "";
  if (state.textContent !== words) state.textContent = words;
}

function write(text) {
  if (!text.trim()) return;
  unsent.push({ id: freshId(), text, part: show({ inbound: true, text, buttons: [] }) });
  send();
}

// One at a time, so that messages arrive in the order they were written.
async function send() {
  if (sending) return;
  sending = true;
  for (let wait = 500; unsent.length; ) {
    const answer = await post(unsent[0]);
    if (answer && answer.status === 429) {
      note.textContent = await reason(answer);
      takeBack();
      break;
    }
    if (answer === null || answer.status >= 500) {
      note.textContent = answer ? await reason(answer) : say.sending;
      await pause(wait);
      wait = Math.min(wait * 2, 15000);
      continue; // with the same id: stored once, however often it is sent
    }
    const { text, part } = unsent.shift();
    wait = 500;
    if (answer.ok) {
      note.textContent = "";
      setWaiting(true);
      lookAgain();
    } else {
      part.remove();
      note.textContent = await reason(answer);
      if (!box.value) box.value = text; // so that she can change it and send it again
    }
  }
  sending = false;
}

// Too fast: what was not taken goes back into the box, before what she has begun to write.
function takeBack() {
  const texts = unsent.splice(0).map(({ text, part }) => {
    part.remove();
    return text;
  });
  box.value = [...texts, box.value].filter(Boolean).join("\n");
}

function post({ id, text }) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ id, text });
  return fetch("/try/messages", { method: "POST", headers, body }).catch(() => null);
}

function reason(answer) {
  return answer.json().then((plain) => plain.error || say.sending, () => say.sending);
}

// A look that began before the message was sent does not know that we are typing.
function lookAgain() {
  looking.abort();
  listen();
}

async function listen() {
  if (listening) return;
  listening = true;
  for (let failures = 0; ; ) {
    looking = new AbortController();
    try {
      const query = `after=${last}&typing=${waiting}`;
      const answer = await fetch(`/try/messages?${query}`, { signal: looking.signal });
      if (!answer.ok) throw new Error(answer.status);
      const news = await answer.json();
      if (looking.signal.aborted) continue;
      news.messages.forEach(show);
      setWaiting(news.waiting);
      failures = 0;
      if (!news.known) break; // nothing can come before the first message is sent
    } catch (error) {
      if (error.name === "AbortError") continue;
      failures += 1;
      await pause(Math.min(500 * 2 ** failures, 15000));
    }
  }
  listening = false;
}

// A page opened from another site came without its messages: the browser hid our cookie then.
async function start() {
  if (!log.children.length) {
    try {
      const answer = await fetch("/try/transcript");
      const { messages, waiting: still } = await answer.json();
      messages.forEach(show);
      setWaiting(still);
    } catch {} // the page stays empty; sending will say what is wrong
  }
  reveal(log.lastElementChild);
  listen();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value;
  box.value = "";
  write(text);
  box.focus();
});

box.addEventListener("keydown", (event) => {
  // On a phone the Enter key makes a new line, as in other messengers.
  const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (!plain || window.matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  form.requestSubmit();
});

log.addEventListener("click", (event) => {
  const button = event.target.closest(".choices button");
  if (!button) return;
  event.preventDefault();
  write(button.value);
});

document.getElementById("exit").addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  window.location.replace(event.currentTarget.href); // the way back does not lead here
});

start();
