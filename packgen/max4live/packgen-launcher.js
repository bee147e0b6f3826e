// Starts `packgen serve` for the device, and stops it with the device. Runs in Max's node.script.
//
// A server that already answers is used, whoever started it: several devices share one. When it falls silent,
// the first device that notices starts another. Each device gets a reply port of its own.
//
// To the patch: `port N` (where to listen for answers) and `status words`.

"use strict";

const { spawn } = require("child_process");
const dgram = require("dgram");
const fs = require("fs");
const path = require("path");
const max = require("max-api");

const HOST = "127.0.0.1";
const PORT = Number(process.env.PACKGEN_PORT || 9100);
const ASK_EVERY = 2000; // milliseconds between pings
const PATIENCE = 3; // pings without an answer before a server is started
const START_TIME = 60000; // milliseconds a server may take to load its model

const PING = Buffer.from("/packgen/ping\0\0\0,\0\0\0", "latin1");

let server = null; // the child process, if it is ours
let startedAt = 0;
let unanswered = PATIENCE; // at the start the first silence is enough
let said = "";

function say(words) {
  if (words !== said) max.outlet("status", (said = words));
}

// The command that runs packgen: written by `packgen max4live`, else whatever the path finds.
function command() {
  const file = path.join(__dirname, "packgen-launcher.json");
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).command;
  } catch (error) {
    if (error.code !== "ENOENT") max.post(`${file}: ${error.message}`);
    return ["packgen"];
  }
}

function start() {
  const [program, ...options] = command();
  startedAt = Date.now();
  say("starting the server");
  // Attached: the server ends when its standard input closes, even if Live itself dies.
  const child = spawn(program, [...options, "serve", "--attached", "--port", String(PORT)], {
    stdio: ["pipe", "ignore", "pipe"],
    windowsHide: true,
  });
  server = child;
  let complaint = "";
  child.stderr.on("data", (data) => {
    complaint = (complaint + data).slice(-500);
    max.post(String(data).trim());
  });
  const ended = (why) => {
    if (server !== child) return;
    server = null;
    // Another device may have been faster: its server holds the port, and answers the next ping.
    if (!complaint.includes("is in use")) say(why);
  };
  child.on("error", () => ended("packgen not found: run packgen max4live"));
  child.on("exit", () => ended(complaint.trim().split("\n").pop() || "server stopped"));
}

function stop() {
  if (server) server.stdin.end();
  server = null;
}

const line = dgram.createSocket("udp4");
line.on("message", () => {
  unanswered = 0;
});
line.on("error", () => {}); // nobody listens yet

function ask() {
  const loading = server && Date.now() - startedAt < START_TIME;
  if (unanswered >= PATIENCE && !loading) {
    stop();
    start();
    unanswered = 0;
  }
  unanswered += 1;
  line.send(PING, PORT, HOST, () => {});
}

// A port that is free now, for the device's udpreceive.
function findPort(found) {
  const probe = dgram.createSocket("udp4");
  probe.bind(0, HOST, () => {
    const { port } = probe.address();
    probe.close(() => found(port));
  });
}

findPort((port) => max.outlet("port", port));
line.send(PING, PORT, HOST, () => {});
setTimeout(ask, 500); // a server that runs has answered by then
setInterval(ask, ASK_EVERY);
process.on("exit", stop);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => process.exit(0));
