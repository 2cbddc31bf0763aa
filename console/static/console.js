// What the console does in the browser beyond htmx: news, keys, canned answers. It works without.
"use strict";
(() => {
  const one = (wanted, root = document) => root.querySelector(wanted);
  const all = (wanted, root = document) => [...root.querySelectorAll(wanted)];
  const live = one("#live");
  const SILENCE = 45000; // the server says something every 15 seconds
  const PATIENCE = 10000; // a short break is none
  let title = document.title;
  let unseen = 0;

  // --- news ---
  function known(name) {
    try { return new Set(JSON.parse(sessionStorage.getItem(name) || "[]")); } catch { return new Set(); }
  }
  function firstTime(name, codes) {
    const before = known(name);
    const fresh = codes.filter((code) => !before.has(code));
    fresh.forEach((code) => before.add(code));
    sessionStorage.setItem(name, JSON.stringify([...before].slice(-500)));
    return fresh;
  }
  function sound() {
    const alarm = one("#alarm");
    if (!alarm) return;
    alarm.currentTime = 0;
    // A browser may refuse sound before the first click; the words are there all the same.
    alarm.play().then(() => { alarm.dataset.played = String(Number(alarm.dataset.played || 0) + 1); }).catch(() => {});
  }
  function announce(words, codes) {
    const said = `${words} ${codes.join(", ")}`;
    const box = one("#news");
    box.replaceChildren(`${words} `, ...codes.flatMap((code) => {
      const link = document.createElement("a");
      link.href = `/tickets/${code}`;
      link.textContent = code;
      return [link, " "];
    }));
    box.hidden = false;
    unseen += codes.length;
    document.title = `(${unseen}) ${title}`;
    sound();
    if ("Notification" in window && Notification.permission === "granted") {
      new Notification("Suar", { body: said, tag: "suar" });
    }
  }
  let waiting = null;
  function refresh(codes) {
    const ticket = one("#ticket");
    if (ticket && (codes.length === 0 || codes.includes(ticket.dataset.code))) freshTicket(ticket);
    if (one("#list")) {
      clearTimeout(waiting);
      waiting = setTimeout(() => htmx.trigger(one("#list"), "fresh"), 250);
    }
  }
  function freshTicket(ticket) {
    const reply = one("#reply", ticket);
    if (reply) {
      // What is being written stays as it is; an empty box may learn that it is shut or open.
      const text = one("textarea", reply);
      const busy = reply.contains(document.activeElement) || (text && text.value !== "");
      reply.classList.toggle("keep", busy);
    }
    htmx.trigger(ticket, "fresh");
  }
  // What somebody has opened stays open when the page renews itself under them.
  window.htmx?.registerExtension("stay-open", {
    htmx_before_morph_node: (_part, { oldNode, newNode }) => {
      if (oldNode instanceof HTMLDetailsElement) newNode.toggleAttribute("open", oldNode.open);
    },
  });
  function hear(told) {
    refresh(told.codes);
    // A code and the moment of its alarm: new danger on a ticket that rang before rings again.
    const rings = firstTime("rings", told.rings || []).map((ring) => ring.split(" ")[0]);
    if (rings.length) announce(live.dataset.critical, rings);
    const called = firstTime("called", told.called || []);
    if (called.length) announce(live.dataset.called, called);
  }
  // A browser opens a broken stream again, but not one that was refused, and it does not notice a
  // line that has gone dead: so a stream that says nothing for long is opened anew, for ever.
  function listen(address, heard, refused) {
    let source, last, over = false;
    const open = () => {
      if (over) return;
      last = Date.now();
      source = new EventSource(address);
      source.addEventListener("open", () => { last = Date.now(); heard.back?.(); });
      source.addEventListener("beat", () => { last = Date.now(); });
      source.addEventListener("error", () => {
        heard.cut?.();
        if (source.readyState === EventSource.CLOSED) refused(reopen);
      });
      Object.entries(heard.events).forEach(([name, act]) => source.addEventListener(name, (event) => {
        last = Date.now();
        act(JSON.parse(event.data));
      }));
    };
    const reopen = () => { source.close(); open(); };
    const looks = setInterval(() => { if (Date.now() - last > SILENCE) { heard.cut?.(); reopen(); } }, 5000);
    open();
    return () => { over = true; clearInterval(looks); source.close(); };
  }
  if (live) {
    let cut = null;
    const close = listen(live.dataset.stream, {
      events: { news: hear, ended: () => { clearTimeout(cut); close(); leave(); } },
      cut: () => { cut ??= setTimeout(() => { one("#cut").hidden = false; document.title = `(!) ${title}`; }, PATIENCE); },
      back: () => {
        clearTimeout(cut);
        cut = null;
        if (one("#cut").hidden) return;
        one("#cut").hidden = true;
        document.title = title;
      },
    }, (reopen) => setTimeout(reopen, 3000));
  }
  async function leave() {
    // Whoever passes by must not read on; the alarm goes on in this very page, which may sound.
    all("header, main, dialog, #news, #cut, #live").forEach((part) => part.remove());
    title = document.title = "Suar";
    try {
      const answer = await fetch("/watch", { redirect: "error", headers: { "X-By-Itself": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const box = one("#watch", page);
      if (answer.ok && box) {
        document.body.append(document.adoptNode(box));
        if (!one("#alarm")) document.body.append(document.adoptNode(one("#alarm", page)));
        watch(box);
        return;
      }
    } catch { /* not on duty, or nobody answers */ }
    location.assign("/login");
  }
  function watch(box) {
    const say = (words) => {
      const says = one("#watch-says", box);
      if (says.textContent !== words) says.textContent = words;
      document.title = document.title === "Suar" ? `(!) ${words}` : "Suar";
      sound();
    };
    const ring = () => {
      say(box.dataset.ring);
      if ("Notification" in window && Notification.permission === "granted") {
        new Notification("Suar", { body: box.dataset.ring, tag: "suar" });
      }
    };
    const over = () => { close(); say(box.dataset.over); };
    const close = listen("/watch/events", { events: { ring, over } }, over);
  }
  if (one("#watch")) watch(one("#watch"));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
  });

  // --- time left ---
  function countDown() {
    all("time[data-until]").forEach((time) => {
      const minutes = Math.max(0, Math.ceil((Date.parse(time.dateTime) - Date.now()) / 60000));
      const near = minutes < 100;
      const amount = near ? `${minutes} ${live?.dataset.left}` : `${Math.floor(minutes / 60)} ${live?.dataset.hours}`;
      const left = minutes > 0 && minutes < 24 * 60 + 1 && live ? ` (${amount})` : "";
      time.textContent = time.textContent.replace(/ \(.*\)$/, "") + left;
    });
  }
  countDown();
  setInterval(countDown, 20000);
  document.addEventListener("htmx:after:swap", countDown);

  // --- a form is sent once ---
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000); // a download or an error leaves the page open
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // --- canned answers ---
  function canned() {
    const text = one("#reply-text"), list = one("#canned"), button = one("#canned-open");
    return text && list && button ? { text, list, button, lines: all("li", list) } : null;
  }
  function show(parts, open, wanted = "") {
    parts.list.hidden = !open;
    parts.button.setAttribute("aria-expanded", String(open));
    parts.lines.forEach((line) => { line.hidden = !(line.dataset.id.startsWith(wanted) || line.textContent.toLowerCase().includes(wanted)); });
  }
  function choose(parts, line) {
    parts.text.value = line.dataset.text;
    show(parts, false);
    parts.text.focus();
    parts.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function step(parts, from, by) {
    const seen = parts.lines.filter((line) => !line.hidden);
    const next = seen[(seen.indexOf(from) + by + seen.length) % seen.length] || seen[0];
    if (!next) return;
    parts.lines.forEach((line) => line.setAttribute("aria-selected", String(line === next)));
    next.focus();
  }
  function offer() {
    const parts = canned(), typed = parts && /^\/(\S*)$/.exec(parts.text.value);
    if (parts) show(parts, Boolean(typed), typed ? typed[1].toLowerCase() : "");
  }
  document.addEventListener("input", (event) => { if (event.target.id === "reply-text") offer(); });
  offer(); // what was typed before this script had come
  document.addEventListener("click", (event) => {
    const parts = canned();
    if (!parts) return;
    if (event.target.closest("#canned-open")) {
      show(parts, parts.list.hidden);
      if (!parts.list.hidden) step(parts, null, 1);
      return;
    }
    const line = event.target.closest("#canned li");
    if (line) choose(parts, line);
  });
  document.addEventListener("keydown", (event) => {
    const parts = canned();
    if (!parts || parts.list.hidden) return;
    const line = event.target.closest("#canned li");
    if (event.key === "Escape") { show(parts, false); parts.text.focus(); }
    else if (event.key === "ArrowDown") step(parts, line, 1);
    else if (event.key === "ArrowUp" && line) step(parts, line, -1);
    else if (line && (event.key === "Enter" || event.key === " ")) choose(parts, line);
    else return;
    event.preventDefault();
  });

  // --- keys ---
  const keys = one("#keys");
  const wanted = () => localStorage.getItem("keys") !== "off";
  function rows() { return all("table.tickets a.open"); }
  function move(by) {
    const links = rows(), at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
    if (next) next.focus();
  }
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const row = document.activeElement.closest("tr"); if (row) one("a.open", row).click(); },
    x: () => { const row = document.activeElement.closest("tr"), box = row && one("input[type=checkbox]", row); if (box) box.click(); },
    r: () => one("#reply-text")?.focus(),
    n: () => one("#note-text")?.focus(),
    "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (!keys || keys.open || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (!wanted() || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });
  if (keys) {
    const on = one("#keys-on");
    on.checked = wanted();
    on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
    one("#keys-open").addEventListener("click", () => keys.showModal());
    one("#keys-close").addEventListener("click", () => keys.close());
    one("#sound-try").addEventListener("click", sound);
    const notify = one("#notify");
    notify.hidden = !("Notification" in window) || Notification.permission !== "default";
    notify.addEventListener("click", () => Notification.requestPermission().then(() => { notify.hidden = true; }));
  }
})();
