// llama.cpp on the starter model's own bits, through npm's node-llama-cpp; side-by-side.mjs runs it beside us.
//   npm install --ignore-scripts node-llama-cpp
//   node llama-cpp.mjs start MODEL.gguf                         answers a short question, says so at the first token, and stays idle
//   node llama-cpp.mjs speed MODEL.gguf [THREADS] [REPETITIONS] prints medians of tokens per second as one JSON line
import { getLlama } from "node-llama-cpp";

const [mode, path, threads = "2", repetitions = "3"] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath: path });
const newContext = () => model.createContext({ contextSize: 1024, batchSize: 512, threads: Number(threads) });

if (mode === "start") {
  const question = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
    + "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n";
  const context = await newContext();
  let count = 0;
  for await (const token of context.getSequence().evaluate(model.tokenize(question, true), { temperature: 0 })) {
    if (count++ === 0)
      console.log(model.detokenize([token]));
    if (count === 8)
      break;
  }

  setInterval(() => {}, 1000);
} else {
  const prompt = model.tokenize("The quick brown fox jumps over the lazy dog while the river runs down to the sea. ".repeat(64)).slice(0, 512);
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const prefill = [], decode = [];
  // The first round warms up.
  for (let i = 0; i <= Number(repetitions); i++) {
    const context = await newContext();
    const begin = performance.now();
    let count = 0, first, last;
    for await (const token of context.getSequence().evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
      last = performance.now();
      first ??= last;
      if (++count === 128)
        break;
    }

    if (i > 0) {
      prefill.push((prompt.length * 1000) / (first - begin));
      decode.push(((count - 1) * 1000) / (last - first));
    }

    await context.dispose();
  }

  console.log(JSON.stringify({ release: llama.llamaCppRelease?.release, prefill: median(prefill), decode: median(decode) }));
  process.exit(0);
}
