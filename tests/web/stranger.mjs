// Another site's page, in the browser that somebody has signed in with: it tries to read, and to do something.

const [, house, sound] = location.hash.split("#");
const told = {};
const logout = `${house}/samplemind.v1.AuthService/Logout`;
const body = new Uint8Array(5);
const outcome = (deed) => deed.then((response) => (response.type === "opaque" ? "sent" : "answered"), () => "refused");
const happened = (target, ...names) =>
  new Promise((done) => names.forEach((name) => target.addEventListener(name, () => done(name), { once: true })));

async function attempt() {
  const kind = { "content-type": "application/grpc-web+proto" };
  const ours = { method: "POST", credentials: "include", body };
  told.call = await outcome(fetch(logout, { ...ours, headers: kind }));
  told.simple = await outcome(fetch(logout, { ...ours, mode: "no-cors" }));
  told.read = await outcome(fetch(`${house}/audio/${sound}`, { credentials: "include" }));
  const player = new Audio(`${house}/audio/${sound}`);
  told.play = await happened(player, "loadedmetadata", "error");
  const script = document.createElement("script");
  script.src = `${house}/probe.mjs`;
  document.body.append(script);
  told.script = await happened(script, "load", "error");
  const socket = new WebSocket(`${house.replace("http", "ws")}/samplemind.v1.AnalysisService/AnalyzeLive`);
  told.socket = await happened(socket, "open", "error");
  const form = document.createElement("form");
  Object.assign(form, { method: "POST", action: logout, enctype: "text/plain", target: "sink" });
  const sink = document.createElement("iframe");
  sink.name = "sink";
  document.body.append(sink, form);
  form.submit();
  await new Promise((done) => setTimeout(done, 500));
  location.href = `${house}/#last#${location.origin}#${encodeURIComponent(JSON.stringify(told))}`;
}

addEventListener("load", () =>
  attempt().catch((error) => (location.href = `/told?${encodeURIComponent(JSON.stringify(String(error)))}`)),
);
