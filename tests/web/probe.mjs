// A page of the door's own, in a browser: it signs in, plays, talks over a socket, and lets scripts be slipped into it.
// Then it goes to a stranger's page, which tries what it can, and comes back to see that nothing has come of it.

const [, step, stranger, back, login, sound] = location.hash.split("#");
const told = JSON.parse(sessionStorage.told ?? "{}");
let violations = 0;
addEventListener("securitypolicyviolation", () => violations++);

const frame = (flag, bytes = new Uint8Array()) => {
  const whole = new Uint8Array(5 + bytes.length);
  whole[0] = flag;
  new DataView(whole.buffer).setUint32(1, bytes.length);
  whole.set(bytes, 5);
  return whole;
};
const status = (text) => Number(/grpc-status: (\d+)/.exec(text)?.[1] ?? -1);
async function call(path, body = frame(0)) {
  const headers = { "content-type": "application/grpc-web+proto" };
  const response = await fetch(`/samplemind.v1.${path}`, { method: "POST", headers, body });
  return status(await response.text());
}
const happened = (target, ...names) =>
  new Promise((done) => names.forEach((name) => target.addEventListener(name, () => done(name), { once: true })));

async function play() {
  const player = new Audio(`/audio/${sound}`);
  told.loaded = await happened(player, "loadedmetadata", "error");
  told.seconds = player.duration;
  player.currentTime = 3;
  told.sought = await happened(player, "seeked", "error");
}

async function listen() {
  const socket = new WebSocket(`ws://${location.host}/samplemind.v1.AnalysisService/AnalyzeLive`);
  socket.binaryType = "arraybuffer";
  await happened(socket, "open", "error");
  socket.send(frame(0x80));
  const message = await new Promise((done) => (socket.onmessage = done));
  told.socket = status(new TextDecoder().decode(message.data));
}

function slipIn() {
  const place = document.createElement("div");
  document.body.append(place);
  place.innerHTML =
    `<img src="x" onerror="window.slipped=1"><svg onload="window.slipped=1"></svg>` +
    `<a id="link" href="javascript:window.slipped=1">x</a><p id="styled" style="color:red">x</p>`;
  place.querySelector("#link").click();
  const script = document.createElement("script");
  script.textContent = "window.slipped=1";
  place.append(script);
  try {
    (0, eval)("window.slipped=1");
  } catch {
    told.eval = "refused";
  }
  const foreign = document.createElement("script");
  foreign.src = `${stranger}/stranger.mjs`;
  place.append(foreign);
  told.styled = getComputedStyle(place.querySelector("#styled")).color;
  place.style.color = "rgb(1, 2, 3)"; // as React sets it
  told.set = getComputedStyle(place).color;
}

async function first() {
  told.login = await call("AuthService/Login", frame(0, Uint8Array.from(atob(login), (one) => one.charCodeAt(0))));
  told.cookie = document.cookie;
  told.me = await call("AuthService/GetMe");
  await play();
  await listen();
  slipIn();
  told.foreign = await fetch(stranger).then(() => "answered", () => "refused");
  await new Promise((done) => setTimeout(done, 300));
  Object.assign(told, { slipped: window.slipped ?? null, violations });
  sessionStorage.told = JSON.stringify(told);
  location.href = `${stranger}/#${location.origin}#${sound}`;
}

async function last() {
  told.after = await call("AuthService/GetMe");
  tell(JSON.parse(decodeURIComponent(back)));
}

/** Say what was seen, where the test can hear it. */
function tell(what) {
  location.href = `${stranger}/told?${encodeURIComponent(JSON.stringify({ ...told, stranger: what }))}`;
}

addEventListener("load", () => (step === "last" ? last() : first()).catch((error) => tell(String(error))));
