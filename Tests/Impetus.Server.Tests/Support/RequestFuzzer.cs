using System.Text;
using System.Text.Json.Nodes;

namespace Impetus.Server.Tests.Support;

/// <summary>
/// Makes requests that are nearly right: valid bodies in which values are exchanged, fields are taken away, invented or doubled,
/// and texts that are then cut, stuffed or damaged byte by byte.
/// </summary>
internal sealed class RequestFuzzer(int seed)
{
    private static readonly string[] Routes =
        ["/v1/chat/completions", "/v1/completions", "/v1/models", "/v1/models/test-org/fake-model", "/api/keys", "/", "/ready", "/nothing"];

    private static readonly string[] Names =
    [
        "model", "messages", "role", "content", "type", "text", "prompt", "max_tokens", "max_completion_tokens", "n", "best_of", "echo", "logprobs",
        "top_logprobs", "stream", "stream_options", "include_usage", "temperature", "top_p", "top_k", "min_p", "typical_p", "seed", "stop",
        "logit_bias", "repetition_penalty", "presence_penalty", "frequency_penalty", "ignore_eos", "tools", "response_format", "user", "suffix",
        "name", "", "\u0000", "ключ", "a.b[0]", "%2F\r\nX: y",
    ];

    private readonly Random _random = new(seed);

    public HttpRequestMessage Next()
    {
        bool chat = _random.Next(2) == 0;
        string body = chat ? Chat() : Completion();
        for (int i = _random.Next(-3, 3); i > 0; i--)
            body = Damage(body);
        string route = _random.Next(10) == 0 ? Pick(Routes) : chat ? Routes[0] : Routes[1];
        var method = _random.Next(30) == 0 ? new HttpMethod(Pick("GET", "PUT", "DELETE", "PATCH", "OPTIONS")) : HttpMethod.Post;
        return new(method, route) { Content = Content(body) };
    }

    private ByteArrayContent Content(string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > 0 && _random.Next(10) == 0)
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation(
            "Content-Type", _random.Next(30) == 0 ? Pick("text/plain", "application/json;", "application/json; charset=x", "*/*", "") : "application/json");
        return content;
    }

    private string Chat() => Mutated(new()
    {
        ["model"] = "test-org/fake-model",
        ["messages"] = new JsonArray([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => (JsonNode)new JsonObject
        {
            ["role"] = Pick("system", "user", "assistant", "developer"),
            ["content"] = _random.Next(2) == 0 ? Text() : new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Text() }),
        })]),
        ["temperature"] = _random.NextDouble() * 2,
        ["stream"] = _random.Next(2) == 0,
        ["n"] = _random.Next(1, 4),
        ["logprobs"] = true,
        ["top_logprobs"] = _random.Next(21),
        ["logit_bias"] = new JsonObject { ["97"] = 1 },
        ["stop"] = new JsonArray("a", "b"),
    });

    private string Completion() => Mutated(new()
    {
        ["model"] = "test-org/fake-model",
        ["prompt"] = _random.Next(3) switch
        {
            0 => Text(),
            1 => new JsonArray(Text(), Text()),
            _ => new JsonArray(new JsonArray(1, 2, 3), new JsonArray(4)),
        },
        ["echo"] = _random.Next(2) == 0,
        ["logprobs"] = _random.Next(6),
        ["stream"] = _random.Next(2) == 0,
        ["max_tokens"] = _random.Next(1, 20),
        ["seed"] = _random.NextInt64(),
    });

    private string Mutated(JsonObject body)
    {
        for (int i = _random.Next(-1, 4); i > 0; i--)
            Mutate(body);
        return body.ToJsonString();
    }

    // Walks to some object or array and changes one thing in it.
    private void Mutate(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members when members.Count > 0:
                var (name, value) = members.ElementAt(_random.Next(members.Count));
                if (value is JsonObject or JsonArray && _random.Next(2) == 0)
                    Mutate(value);
                else if (_random.Next(4) is var change && change == 0)
                    members.Remove(name);
                else
                    members[change == 1 ? Pick(Names) : name] = Junk(depth: 0);
                break;
            case JsonArray items when items.Count > 0:
                int index = _random.Next(items.Count);
                if (items[index] is JsonObject or JsonArray && _random.Next(2) == 0)
                    Mutate(items[index]!);
                else
                    items[index] = Junk(depth: 0);
                break;
        }
    }

    private JsonNode? Junk(int depth) => _random.Next(depth < 3 ? 12 : 9) switch
    {
        0 => null,
        1 => _random.Next(2) == 0,
        2 => _random.Next(-3, 300),
        3 => _random.NextInt64(long.MinValue, long.MaxValue),
        4 => JsonNode.Parse(Pick("1e400", "-1e-400", "0.1", "-0", "1e2", "123456789012345678901234567890", "2.0", "-2")),
        5 => Text(),
        6 => Pick(Names),
        7 => Pick("none", "auto", "text", "required", "tool", "system", "image_url"),
        8 => _random.NextDouble() * 4,
        9 => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Junk(depth + 1))]),
        10 => new JsonArray([.. Enumerable.Range(0, _random.Next(300)).Select(i => (JsonNode)i)]),
        _ => new JsonObject(Enumerable.Range(0, _random.Next(4)).Select(i => KeyValuePair.Create(Pick(Names) + i, Junk(depth + 1)))),
    };

    private string Damage(string body)
    {
        int at = _random.Next(body.Length + 1);
        return _random.Next(6) switch
        {
            0 => body[..at],
            1 => body.Insert(at, Pick("{", "[", "\"", ",", ":", "\\ud800", "\\u0000", "\"a\":1,\"a\":2,", "null", "\uFEFF", "/*", "1e999")),
            2 => body.Insert(at, new string(Pick("[", "{\"a\":", " ")[0], _random.Next(2000))),
            3 => body.Replace("\"content\"", "\"content\":\"x\",\"content\"", StringComparison.Ordinal),
            4 => body.Replace("test-org", Pick("test-org%2F", "..", "\\udc00", ""), StringComparison.Ordinal),
            _ => at < body.Length ? body.Remove(at, Math.Min(_random.Next(1, 5), body.Length - at)) : body,
        };
    }

    private string Text() => Pick("Hi", "", "ü 👍🏽 \u2028", "<|im_end|>", new string('x', _random.Next(400)), "refuse me", "\u0000\u001b[31m");

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
