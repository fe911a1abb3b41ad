// Hugging Face's Rust tokenizers beside us, through npm's binding, on the same text.
//   npm install --ignore-scripts tokenizers && node tokenizers.mjs TEXT FOLDER...
// TEXT is what `tokenizer --write-text FILE` wrote; FOLDERs have a tokenizer.json. Prints MB/s of UTF-8, the best of five, and the
// milliseconds of inputs that defeat careless implementations.
import { readFileSync } from "node:fs";
import { Tokenizer } from "tokenizers";

const [file, ...folders] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const megabytes = Buffer.byteLength(text) / 1e6;
const worst = { "100,000 letters": "a".repeat(100_000), "100,000 spaces": " ".repeat(100_000), "50,000 emoji": "😀".repeat(50_000) };

for (const folder of folders) {
  const tokenizer = Tokenizer.fromFile(`${folder}/tokenizer.json`);
  tokenizer.disableTruncation();
  tokenizer.disablePadding();
  const seconds = async (input, addSpecialTokens) => {
    const begin = performance.now();
    const count = (await tokenizer.encode(input, null, { addSpecialTokens })).getLength();
    return [(performance.now() - begin) / 1000, count];
  };
  const best = async (input, runs) => {
    let least = Infinity, count;
    for (let i = 0; i < runs; i++) {
      const [taken, tokens] = await seconds(input, false);
      least = Math.min(least, taken);
      count = tokens;
    }
    return [least, count];
  };
  const [taken, count] = await best(text, 5);
  console.log(`${folder}: ${count} ids; ${(megabytes / taken).toFixed(1)} MB/s`);
  for (const [name, input] of Object.entries(worst))
    console.log(`  ${name}: ${((await best(input, 3))[0] * 1000).toFixed(0)} ms`);
}
