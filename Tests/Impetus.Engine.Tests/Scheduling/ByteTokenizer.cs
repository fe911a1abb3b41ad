using System.Text.Json.Nodes;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Tests.Scheduling;

/// <summary>A tokenizer whose ids are bytes, and 256 the end of an answer.</summary>
internal static class ByteTokenizer
{
    public static HfTokenizer Instance { get; } = Load();

    private static HfTokenizer Load()
    {
        var vocabulary = new JsonObject();
        int moved = 256;
        for (int b = 0; b < 256; b++)
        {
            // GPT-2's alphabet: printable bytes stand for themselves, the others for characters from 256 on.
            bool printable = b is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            vocabulary[((char)(printable ? b : moved++)).ToString()] = b;
        }

        JsonObject ByteLevel() => new()
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = false,
            ["trim_offsets"] = true,
            ["use_regex"] = false,
        };
        var end = new JsonObject
        {
            ["id"] = ToyDecoder.End,
            ["content"] = "<end>",
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };
        var tokenizer = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(end),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(),
            ["post_processor"] = null,
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(),
            },
        };
        string file = Path.Combine(Path.GetTempPath(), $"bytes-{Environment.ProcessId}.json");
        File.WriteAllText(file, tokenizer.ToJsonString());
        try
        {
            return HfTokenizer.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
