// Us and llama.cpp in turn, in the same minutes, on the same bits. Prints the rows of docs/benchmarks.md.
//   node side-by-side.mjs IMPETUS MODEL.gguf [ROUNDS]
// IMPETUS is the built command; needs node-llama-cpp where this file lies, or a folder above.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [impetus, gguf, rounds = "3"] = process.argv.slice(2);
const peer = fileURLToPath(new URL("llama-cpp.mjs", import.meta.url));
const key = "side-by-side-needs-a-key-of-its-own";
const port = 18099;
const home = mkdtempSync(join(tmpdir(), "impetus-"));
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const results = new Map();
const note = (row, side, value) => {
  const sides = results.get(row) ?? results.set(row, {}).get(row);
  (sides[side] ??= []).push(value);
};

/** Resident megabytes of a process that has had two seconds of rest. */
async function rest(pid) {
  await sleep(2000);
  return (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024) / 1e6;
}

async function end(child) {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await ended;
}

/** Asks as soon as there is a listener, and again until the model is loaded; resolves at the first text of the stream. */
async function firstToken() {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify({
          model: "HuggingFaceTB/SmolLM2-135M-Instruct", stream: true, temperature: 0, max_tokens: 8,
          messages: [{ role: "user", content: "What is the capital of France?" }],
        }),
      });
      if (response.ok) {
        let at, text = "";
        for await (const bytes of response.body) {
          text += Buffer.from(bytes);
          if (/"content":"[^"]/.test(text))
            at ??= performance.now();
        }
        return at;
      }
      await response.text();
    } catch {
      // Nobody listens yet.
    }
    await sleep(10);
  }
}

async function ourStart() {
  const begin = performance.now();
  const server = spawn(impetus, ["serve"], {
    env: { ...process.env, IMPETUS_HOME: home, IMPETUS_PORT: String(port), IMPETUS_API_KEY: key }, stdio: "ignore",
  });
  note("process start to first token, ms", "us", (await firstToken()) - begin);
  note("resident after one answer, MB", "us", await rest(server.pid));
  await end(server);
}

async function theirStart() {
  const begin = performance.now();
  const child = spawn(process.execPath, [peer, "start", gguf], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  note("process start to first token, ms", "llama.cpp", performance.now() - begin);
  note("resident after one answer, MB", "llama.cpp", await rest(child.pid));
  await end(child);
}

function ourSpeed(threads, precision) {
  const side = precision === "exact" ? "us" : "us, fast mode";
  const json = JSON.parse(execFileSync(impetus, [
    "bench", "--prompt", "512", "--answer", "128", "--repetitions", "3", "--threads", threads, "--json",
  ], { env: { ...process.env, IMPETUS_HOME: home, IMPETUS_PRECISION: precision }, stdio: ["ignore", "pipe", "ignore"] }));
  note(`prefill of 512 tokens, ${threads} threads, tokens/s`, side, json.cold.prefill_tokens_per_second.p50);
  note(`decode of 128 tokens, ${threads} threads, tokens/s`, side, json.cold.decode_tokens_per_second.p50);
}

function theirSpeed(threads) {
  const json = JSON.parse(execFileSync(process.execPath, [peer, "speed", gguf, threads, "3"], { stdio: ["ignore", "pipe", "ignore"] }));
  note(`prefill of 512 tokens, ${threads} threads, tokens/s`, "llama.cpp", json.prefill);
  note(`decode of 128 tokens, ${threads} threads, tokens/s`, "llama.cpp", json.decode);
}

await ourStart(); // makes the data directory
results.clear();
for (let round = 0; round < Number(rounds); round++) {
  await ourStart();
  await theirStart();
  for (const threads of ["1", "2"]) {
    ourSpeed(threads, "exact");
    theirSpeed(threads);
    ourSpeed(threads, "fast");
  }
}

rmSync(home, { recursive: true });
const show = (values) => (values ? String(Number(median(values).toPrecision(3))) : "");
console.log("| | us | us, fast mode | llama.cpp |\n|---|---|---|---|");
for (const [row, sides] of results)
  console.log(`| ${row} | ${show(sides.us)} | ${show(sides["us, fast mode"])} | ${show(sides["llama.cpp"])} |`);
