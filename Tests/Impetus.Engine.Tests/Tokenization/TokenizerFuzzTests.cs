using System.Text;
using System.Text.Json.Nodes;
using Impetus.Engine.Tokenization;

namespace Impetus.Engine.Tests.Tokenization;

public class TokenizerFuzzTests(ITestOutputHelper output)
{
    private const int Cases = 10_000;
    private const int KeptTokens = 300;

    private static readonly string[] Texts =
        ["", " ", "Hello, world! 123", "naïve café\r\n\t ß ſ 中文 한국어 👩🏽‍💻", "a\u0301\u0000\uFFFD\uD800b", new('x', 300)];

    /// <summary>What stands in for a value; @half@ becomes half of a surrogate pair, which the writer would refuse.</summary>
    private static readonly string[] Values =
        ["null", "true", "-1", "4294967296", "1e308", "\"\"", "\"▁\"", "\"@half@\"", "[]", "{}", "[[]]", "\"Sequence\"", "\"ByteLevel\"", "\"Unigram\"", "\"(?i:a|b)+[^c&&d]\""];

    [Fact]
    public void Ten_thousand_damaged_files_give_a_tokenizer_or_a_message()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sources = Golden.Tokenizers.Select(t => Reduce(Golden.Bytes((string)t.Data, "tokenizer.json"))).ToArray();
        int refused = 0, loaded = 0;
        for (int i = 0; i < Cases; i++)
        {
            byte[] damaged = Damage(sources[random.Next(sources.Length)], random);
            try
            {
                Use(TokenizerFile.Parse(damaged, "fuzz"), random);
                loaded++;
            }
            catch (TokenizerFormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, case {i}: {e}\n{Encoding.UTF8.GetString(damaged)[..Math.Min(2000, damaged.Length)]}");
            }
        }
        output.WriteLine($"{loaded} loaded, {refused} refused");
        Assert.True(loaded > Cases / 20 && refused > Cases / 20, $"{loaded} loaded, {refused} refused: the damage is of no use");
    }

    private static void Use(HfTokenizer tokenizer, Random random)
    {
        foreach (string text in Texts)
        {
            try
            {
                var encoding = tokenizer.Encode(text, random.Next(4) == 0 ? text : null);
                tokenizer.EncodeIds(text);
                tokenizer.Decode(encoding.Ids, skipSpecialTokens: true);
                var stream = tokenizer.StartDetokenizer();
                foreach (int id in encoding.Ids)
                {
                    stream.Push(id);
                    tokenizer.TokenBytes(id);
                }
                stream.Flush();
            }
            catch (TokenizationException)
            {
            }
        }
    }

    private static byte[] Damage(JsonNode source, Random random)
    {
        if (random.Next(4) > 0)
        {
            var root = source.DeepClone();
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                DamageNode(root, random);
            source = root;
        }
        byte[] bytes = Encoding.UTF8.GetBytes(source.ToJsonString().Replace("@half@", @"\ud83d", StringComparison.Ordinal));
        if (random.Next(3) == 0)
            for (int changes = random.Next(1, 6); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(12) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    /// <summary>Walks down at random and removes, replaces or swaps what it comes to.</summary>
    private static void DamageNode(JsonNode node, Random random)
    {
        while (true)
        {
            var children = node switch
            {
                JsonObject o => [.. o.Select(p => (Key: (object)p.Key, p.Value))],
                JsonArray a => a.Select((v, i) => (Key: (object)i, Value: v)).ToArray(),
                _ => [],
            };
            if (children.Length == 0)
                return;
            var (key, value) = children[random.Next(children.Length)];
            if (value is JsonObject or JsonArray && random.Next(5) > 0)
            {
                node = value;
                continue;
            }
            var replacement = random.Next(3) == 0
                ? children[random.Next(children.Length)].Value?.DeepClone()
                : JsonNode.Parse(Values[random.Next(Values.Length)]);
            bool removes = random.Next(4) == 0;
            if (node is JsonObject parent && removes)
                parent.Remove((string)key);
            else if (node is JsonObject changed)
                changed[(string)key] = replacement;
            else if (removes)
                node.AsArray().RemoveAt((int)key);
            else
                node.AsArray()[(int)key] = replacement;
            return;
        }
    }

    /// <summary>The same pipeline over a small vocabulary, so that ten thousand take seconds and damage hits what matters.</summary>
    private static JsonObject Reduce(byte[] json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        var model = root["model"]!.AsObject();
        if (model["vocab"] is JsonArray pieces)
        {
            model["vocab"] = new JsonArray([.. pieces.Take(KeptTokens).Select(p => p!.DeepClone())]);
            return root;
        }
        var kept = model["vocab"]!.AsObject().Take(KeptTokens).ToDictionary(p => p.Key, p => p.Value!.DeepClone(), StringComparer.Ordinal);
        model["vocab"] = new JsonObject(kept.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        if (model["merges"] is JsonArray merges)
            model["merges"] = new JsonArray([.. merges.Where(m => IsKept(m!, kept)).Select(m => m!.DeepClone())]);
        return root;
    }

    private static bool IsKept(JsonNode merge, Dictionary<string, JsonNode> kept)
    {
        string[] parts = merge is JsonArray pair ? [.. pair.Select(p => p!.GetValue<string>())] : merge.GetValue<string>().Split(' ');
        return parts.Length == 2 && kept.ContainsKey(parts[0]) && kept.ContainsKey(parts[1]) && kept.ContainsKey(parts[0] + parts[1]);
    }
}
