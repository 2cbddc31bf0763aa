// What the console does in the browser beyond htmx: news, keys, canned answers. It works without.
"use strict";
(() => {
  const one = (wanted, root = document) => root.querySelector(wanted);
  const all = (wanted, root = document) => [...root.querySelectorAll(wanted)];
  const live = one("#live");
  const title = document.title;
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
  document.addEventListener("news", (event) => {
    const told = JSON.parse(event.detail.data);
    refresh(told.codes);
    const critical = firstTime("critical", told.critical || []);
    if (critical.length) announce(live.dataset.critical, critical);
    const called = firstTime("called", told.called || []);
    if (called.length) announce(live.dataset.called, called);
  });
  document.addEventListener("ended", () => location.assign("/login"));
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail && event.detail.status === 401) location.assign("/login");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
  });

  // --- time left ---
  function countDown() {
    all("time[data-until]").forEach((time) => {
      const minutes = Math.max(0, Math.ceil((Date.parse(time.dateTime) - Date.now()) / 60000));
      const left = minutes > 0 && minutes < 24 * 60 + 1 && live ? ` (${minutes} ${live.dataset.left})` : "";
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
  document.addEventListener("input", (event) => {
    if (event.target.id !== "reply-text") return;
    const parts = canned(), typed = /^\/(\S*)$/.exec(event.target.value);
    if (parts) show(parts, Boolean(typed), typed ? typed[1].toLowerCase() : "");
  });
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
