// Chroma beside us: its own server with its prebuilt Linux binding, the same texts and vectors as `impetus bench search --chunks N` has.
//   npm install chromadb chromadb-js-bindings-linux-x64-gnu && node chroma.mjs [CHUNKS]
// Prints one JSON line: chunks per second of ingest with vectors given, and milliseconds of 200 queries with the vector given, top 10.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChromaClient } from "chromadb";

const chunks = Number(process.argv[2] ?? 10000), dimensions = 384, port = 18555, batchSize = 1000, questions = 200;

// mulberry32, words and vectors: as in Impetus.Server/Cli/SyntheticCorpus.cs.
const generator = (state) => () => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) | 0;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
const text = (number, words) => {
  const next = generator(number);
  return `n${number} ` + Array.from({ length: words }, () => `w${Math.floor(Math.pow(60000, next()))}`).join(" ");
};
const uniform = (seed) => {
  const next = generator(seed);
  return Float32Array.from({ length: dimensions }, () => next() - 0.5);
};
const centres = new Map();
const vector = (number) => {
  const cluster = number % 1000;
  if (!centres.has(cluster)) centres.set(cluster, uniform((0xc0000000 + cluster) >>> 0));
  const centre = centres.get(cluster), own = uniform((number ^ 0x5bd1e995) >>> 0);
  const sum = own.map((value, i) => centre[i] + Math.fround(0.7) * value);
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
  return Array.from(sum, (value) => value / length);
};

const folder = mkdtempSync(join(tmpdir(), "chroma-benchmark-"));
const server = spawn(process.execPath, [new URL("node_modules/chromadb/dist/cli.mjs", `file://${process.cwd()}/`).pathname, "run", "--path", folder, "--port", String(port)], { stdio: "ignore" });
try {
  const client = new ChromaClient({ host: "localhost", port });
  for (let attempt = 0; ; attempt++) {
    try {
      await client.heartbeat();
      break;
    } catch (fault) {
      if (attempt === 100) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const collection = await client.createCollection({ name: "benchmark", embeddingFunction: null, configuration: { hnsw: { space: "cosine" } } });

  // What is sent is made before the clock starts.
  const batches = [];
  for (let start = 0; start < chunks; start += batchSize) {
    const numbers = Array.from({ length: Math.min(batchSize, chunks - start) }, (_, i) => start + i);
    batches.push({ ids: numbers.map(String), embeddings: numbers.map(vector), documents: numbers.map((number) => text(number, 65)) });
  }
  let began = performance.now();
  for (const batch of batches) await collection.add(batch);
  const ingest = (chunks * 1000) / (performance.now() - began);

  const times = [];
  let hits = 0;
  for (let i = 0; i < questions; i++) {
    const query = vector(0x80000000 + i);
    began = performance.now();
    const found = await collection.query({ queryEmbeddings: [query], nResults: 10, include: ["documents", "distances"] });
    times.push(performance.now() - began);
    if (i < 20) {
      const exact = [];
      for (const batch of batches) {
        for (let j = 0; j < batch.ids.length; j++) exact.push([batch.embeddings[j].reduce((sum, value, d) => sum + value * query[d], 0), batch.ids[j]]);
      }
      const best = new Set(exact.sort((a, b) => b[0] - a[0]).slice(0, 10).map(([, id]) => id));
      hits += found.ids[0].filter((id) => best.has(id)).length;
    }
  }
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({
    peer: "chroma", version: await client.version(), chunks, ingest_chunks_per_second: Number(ingest.toFixed(1)),
    query_milliseconds: { p50: Number(times[questions / 2].toFixed(2)), p95: Number(times[(questions * 95) / 100].toFixed(2)) }, recall_at_10: hits / 200,
  }));
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
