// The Bot API for tests: telegram-test-api from npm, brought up to what Telegram does today.
// node emulator.js   (NODE_PATH where node_modules are elsewhere); says at which port it listens
//
// Ours: updates stay until a later getUpdates confirms them; webhooks carry the secret token and
// are repeated until they are answered with 2xx; any update can be put in (/_update); any method
// can be made to fail (/_fail) or to hang (/_hang); every call is written down (/_calls).
const axios = require("axios");
const { routes } = require("telegram-test-api/lib/routes/index");
const { TelegramServer } = require("telegram-test-api/lib/telegramServer");

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const ME = { id: 666, is_bot: true, first_name: "Resep", username: "ResepTestBot" };
const calls = [];
const faults = []; // {method, times, status, description, retry_after} or {method, times, hang}
const files = {}; // file number -> {path, size, text}
const tries = []; // statuses with which webhooks were answered
let queue = Promise.resolve();

const sent = TelegramServer.prototype.addBotMessage;
TelegramServer.prototype.addBotMessage = function (raw, token) {
  const message = sent.call(this, raw, token);
  message.date = Math.floor(message.date / 1000); // it gives milliseconds
  message.from = ME;
  return message;
};

const format = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  if (update.raw) return { update_id: update.updateId, ...update.raw };
  const made = format(update);
  if (made.callback_query) made.callback_query.chat_instance = "1";
  return made;
};

// Kept until confirmed, whether a webhook is set or not, as Telegram does.
TelegramServer.prototype.addUserUpdate = async function (update) {
  this.updateId += 1;
  this.storage.userMessages.push(update);
  if (this.webhooks[update.botToken]) queue = queue.then(() => deliver(this, update));
};

async function deliver(server, update) {
  for (;;) {
    const hook = server.webhooks[update.botToken];
    if (!hook) return;
    const headers = hook.secret_token
      ? { "X-Telegram-Bot-Api-Secret-Token": hook.secret_token }
      : {};
    const status = await axios
      .post(hook.url, TelegramServer.formatUpdate(update), { headers, validateStatus: () => true })
      .then((answer) => answer.status, () => 0);
    tries.push(status);
    if (status >= 200 && status < 300) return server.removeUserMessage(update.updateId);
    await pause(100);
  }
}

function fail(req, res, next) {
  const { method } = req.params;
  calls.push({ method, ...req.body });
  const fault = faults.find((one) => one.times > 0 && (one.method === "*" || one.method === method)
    && (!one.confirming || Number(req.body.offset) > 0));
  if (!fault) return next();
  fault.times -= 1;
  if (fault.cut) return req.socket.destroy();
  if (fault.hang) return setTimeout(() => (fault.then ? next() : req.socket.destroy()), fault.hang);
  const { status, description, retry_after } = fault;
  const parameters = retry_after ? { retry_after } : undefined;
  return res.status(status).json({ ok: false, error_code: status, description, parameters });
}

async function getUpdates(server, req, res) {
  const { token } = req.params;
  const offset = Number(req.body.offset || 0);
  const until = Date.now() + 1000 * Number(req.body.timeout || 0);
  if (server.webhooks[token]) {
    const description = "Conflict: can't use getUpdates method while webhook is active; "
      + "use deleteWebhook to delete the webhook first";
    return res.status(409).json({ ok: false, error_code: 409, description });
  }
  const held = server.storage;
  held.userMessages = held.userMessages.filter((u) => u.botToken !== token || u.updateId >= offset);
  let gone = false;
  req.socket.once("close", () => { gone = true; });
  let found = [];
  do {
    found = held.userMessages.filter((u) => u.botToken === token).slice(0, 100);
    if (!found.length) await pause(20);
  } while (!found.length && !gone && Date.now() < until);
  return res.json({ ok: true, result: found.map(TelegramServer.formatUpdate) });
}

routes.unshift((app, server) => {
  const ok = (res, result) => res.json({ ok: true, result });
  app.get("/_calls", (req, res) => ok(res, calls));
  app.get("/_tries", (req, res) => ok(res, tries));
  app.post("/_waiting", (req, res) => ok(res, server.storage.userMessages
    .filter((one) => one.botToken === req.body.token).length));
  app.post("/_fail", (req, res) => { faults.push(req.body); ok(res, true); });
  app.post("/_heal", (req, res) => { faults.length = 0; ok(res, true); });
  // What a test leaves behind: an update that is repeated for ever holds up those of other bots.
  app.post("/_forget", (req, res) => {
    faults.length = 0;
    server.webhooks = {};
    server.storage.userMessages = [];
    ok(res, true);
  });
  app.post("/_file", (req, res) => { files[req.body.id] = req.body; ok(res, true); });
  app.post("/_update", async (req, res) => {
    const { token, update } = req.body;
    await server.addUserUpdate({ ...server.getCommonFields(token), raw: update });
    ok(res, server.updateId - 1);
  });

  app.all("/bot:token/:method", fail);
  app.all("/bot:token/getMe", (req, res) => ok(res, { ...ME, can_join_groups: false,
    can_read_all_group_messages: false, supports_inline_queries: false }));
  app.all("/bot:token/getUpdates", (req, res) => getUpdates(server, req, res));
  app.all("/bot:token/setWebhook", (req, res) => {
    server.setWebhook(req.body, req.params.token);
    ok(res, true);
  });
  app.all("/bot:token/deleteWebhook", (req, res) => {
    server.deleteWebhook(req.params.token);
    ok(res, true);
  });
  app.all("/bot:token/getWebhookInfo", (req, res) => {
    const hook = server.webhooks[req.params.token];
    ok(res, { url: hook ? hook.url : "", has_custom_certificate: false,
      allowed_updates: hook ? JSON.parse(hook.allowed_updates || "[]") : undefined,
      pending_update_count: server.storage.userMessages.length });
  });
  app.all("/bot:token/answerCallbackQuery", (req, res) => ok(res, true));
  app.all("/bot:token/leaveChat", (req, res) => ok(res, true));
  app.all("/bot:token/deleteMessages", (req, res) => {
    const numbers = JSON.parse(req.body.message_ids);
    // Numbers from 900000 on stand for messages older than 48 hours.
    if (numbers.some((one) => one >= 900000)) {
      const description = "Bad Request: message can't be deleted";
      return res.status(400).json({ ok: false, error_code: 400, description });
    }
    numbers.forEach((one) => server.deleteMessage(Number(req.body.chat_id), one));
    return ok(res, true);
  });
  app.all("/bot:token/getFile", (req, res) => {
    const file = files[req.body.file_id];
    if (!file) {
      const description = "Bad Request: wrong file_id or the file is temporarily unavailable";
      return res.status(400).json({ ok: false, error_code: 400, description });
    }
    return ok(res, { file_id: file.id, file_unique_id: file.id, file_size: file.size,
      file_path: file.path });
  });
  app.get("/file/bot:token/:folder/:name", (req, res) => {
    const path = `${req.params.folder}/${req.params.name}`;
    const file = Object.values(files).find((one) => one.path === path);
    if (file && file.redirect) return res.redirect(file.redirect);
    return file ? res.send(Buffer.from(file.text)) : res.status(404).end();
  });
});

const server = new TelegramServer({ port: 1, host: "127.0.0.1", storeTimeout: 3600 });
server.config.port = 0; // any that is free; the library takes 0 for its usual one
server.start().then(() => console.log(`up ${server.server.address().port}`));
