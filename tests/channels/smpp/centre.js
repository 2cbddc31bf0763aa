// An SMS centre: npm's smpp speaks the protocol, this file only decides what happens and lets the
// tests look and steer over HTTP. Like a real one it repeats what was not taken, also in a new
// session. Run: node centre.js [KEY CERT]; it says at which ports it listens, for HTTP and for SMPP.
const fs = require("fs");
const http = require("http");
const smpp = require("smpp");

const [key, cert] = process.argv.slice(2);
let state;
let held = []; // answers that wait for _release
const fresh = () => ({
  password: "rahasia", binds: [], unbinds: 0, taken: [], answers: [], queue: [], enquiries: 0,
  failures: [], ids: "decimal", next: 1000, mute: false, deaf: false, window: 1, outstanding: 0,
});
state = fresh();
const sessions = new Set();
let bound = null;

const hex = (value) => (Buffer.isBuffer(value) ? value.toString("hex") : value);

function submitted(session, pdu) {
  const told = state.failures.shift() || {};
  const record = () => {
    const id = state.next++;
    const message = pdu.short_message || {};
    const payload = pdu.message_payload;
    state.taken.push({
      id: String(id), to: pdu.destination_addr, from: pdu.source_addr, ton: pdu.source_addr_ton,
      text: payload ? payload.message : message.message,
      udh: (message.udh || []).map(hex), coding: pdu.data_coding, esm: pdu.esm_class,
      registered: pdu.registered_delivery, reference: pdu.user_message_reference,
      payload: Boolean(payload),
    });
    return state.ids === "hex" ? id.toString(16).toUpperCase() : String(id);
  };
  const answer = () => {
    const named = told.status ? {command_status: told.status} : {message_id: record()};
    if (told.receiptFirst) receipt({id: named.message_id, stat: "DELIVRD", from: pdu.destination_addr});
    const send = () => session.send(pdu.response(named));
    if (told.hold) held.push(send);
    else setTimeout(send, told.delay || 0);
  };
  if (told.cut === "before") return session.destroy();
  if (told.cut === "after") { record(); return session.destroy(); }
  if (told.silent) { record(); return undefined; }
  return answer();
}

function receipt(about) {
  const short = about.short !== undefined ? about.short :
    `id:${about.id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 ` +
    `stat:${about.stat} err:${about.err || "000"} text:stat:DELIVRD`;
  const pdu = {
    source_addr: about.from, source_addr_ton: 1, source_addr_npi: 1, destination_addr: "62800",
    esm_class: about.esm === undefined ? 4 : about.esm, short_message: Buffer.from(short, "latin1"),
  };
  if (about.tlvId) pdu.receipted_message_id = about.tlvId;
  if (about.state) pdu.message_state = about.state;
  if (about.reference !== undefined) pdu.user_message_reference = about.reference;
  deliver(pdu);
}

function deliver(pdu) {
  state.queue.push({pdu, busy: false});
  push();
}

function push() {
  if (!bound || state.mute) return;
  const session = bound;
  for (const one of state.queue) {
    if (state.outstanding >= state.window) return;
    if (one.busy) continue;
    one.busy = true;
    state.outstanding++;
    session.deliver_sm({...one.pdu}, (answer) => {
      if (session !== bound || state.deaf) return;
      state.outstanding--;
      state.answers.push(answer.command_status);
      one.busy = false;
      if (answer.command_status === 0) {
        state.queue.splice(state.queue.indexOf(one), 1);
        push();
      } else setTimeout(push, 200);
    });
  }
}

const options = key ? {key: fs.readFileSync(key), cert: fs.readFileSync(cert)} : {};
const server = smpp.createServer(options, (session) => {
  sessions.add(session);
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => {
    const good = pdu.password === state.password;
    state.binds.push({system_id: pdu.system_id, type: pdu.system_type, version: pdu.interface_version, good});
    session.send(pdu.response(good ? {} : {command_status: smpp.ESME_RINVPASWD}));
    if (!good) return;
    bound = session;
    state.outstanding = 0;
    for (const one of state.queue) one.busy = false;
    setTimeout(push, 20);
  });
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => { state.enquiries++; if (!state.mute) session.send(pdu.response()); });
  session.on("unbind", (pdu) => { state.unbinds++; session.send(pdu.response()); session.close(); });
  session.on("close", () => { sessions.delete(session); if (bound === session) bound = null; });
});
server.on("error", () => {});
server.listen(0, "127.0.0.1");

const doors = {
  _reset: () => { for (const one of sessions) one.destroy(); state = fresh(); bound = null; held = []; },
  _release: () => { for (const send of held.splice(0)) send(); },
  _set: (body) => Object.assign(state, body),
  _fail: (body) => { for (let n = 0; n < (body.times || 1); n++) state.failures.push(body); },
  _deliver: (body) => {
    const pdu = {source_addr: "6281200000001", source_addr_ton: 1, source_addr_npi: 1,
      destination_addr: "62800", ...body};
    for (const name of ["short_message", "message_payload"])
      if (typeof pdu[name] === "string") pdu[name] = Buffer.from(pdu[name], "hex");
    deliver(pdu);
  },
  _receipt: receipt,
  _cut: () => { for (const one of sessions) one.destroy(); },
  _unbind: () => bound && bound.unbind(),
  _enquire: () => new Promise((done) => bound.enquire_link((answer) => done(answer.command_status))),
  _raw: (body) => { bound.socket.write(Buffer.from(body.bytes, "hex")); },
  _state: () => ({...state, queue: state.queue.length, bound: Boolean(bound)}),
};
http.createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => { body += piece; });
  request.on("end", async () => {
    const result = await doors[request.url.slice(1)](body ? JSON.parse(body) : {});
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({result: request.url === "/_state" ? result : result || true}));
  });
}).listen(0, "127.0.0.1", function up() {
  if (!server.address()) return void setTimeout(() => up.call(this), 5);
  console.log(`up ${this.address().port} ${server.address().port}`);
});
