// Signs requests as Twilio's own library for another language does.
// In: a JSON list of {url, params, body, token} on standard input. Out: a JSON list of {url, signature}.
const { getExpectedTwilioSignature, getExpectedBodyHash } = require("twilio/lib/webhooks/webhooks");

let text = "";
process.stdin.on("data", (piece) => (text += piece));
process.stdin.on("end", () => {
  const made = JSON.parse(text).map(({ url, params, body, token }) => {
    const whole = body === undefined ? url : `${url}?bodySHA256=${getExpectedBodyHash(body)}`;
    return { url: whole, signature: getExpectedTwilioSignature(token, whole, params || {}) };
  });
  process.stdout.write(JSON.stringify(made));
});
