// llama.cpp beside us: prefill and decode of the starter model's own bits, through npm's node-llama-cpp.
//   npm install --ignore-scripts node-llama-cpp && node llama-cpp.mjs MODEL.gguf [THREADS] [REPETITIONS]
// Prints one JSON line: medians of prompt tokens per second (512 tokens) and of answer tokens per second (128 tokens).
import { getLlama } from "node-llama-cpp";

const [path, threads = "2", repetitions = "5"] = process.argv.slice(2);
const started = performance.now();
const llama = await getLlama({ gpu: false, build: "never", maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath: path });
const text = "The quick brown fox jumps over the lazy dog while the river runs down to the sea. ".repeat(64);
const prompt = model.tokenize(text).slice(0, 512);
const loaded = performance.now();
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const prefill = [], decode = [];
let firstToken;

for (let i = 0; i <= Number(repetitions); i++) {
  const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads: Number(threads) });
  const sequence = context.getSequence();
  const begin = performance.now();
  let count = 0, first, last;
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    last = performance.now();
    first ??= last;
    firstToken ??= last - started;
    if (++count > 128) break;
  }
  // The first round warms up.
  if (i > 0) {
    prefill.push((prompt.length * 1000) / (first - begin));
    decode.push(((count - 1) * 1000) / (last - first));
  }
  await context.dispose();
}

console.log(JSON.stringify({
  peer: "llama.cpp", release: llama.llamaCppRelease?.release, threads: Number(threads), load_ms: Math.round(loaded - started),
  prefill_tokens_per_second: Number(median(prefill).toFixed(1)), decode_tokens_per_second: Number(median(decode).toFixed(1)),
  rss_mb: Math.round(process.memoryUsage().rss / 1e6),
}));
process.exit(0);
