using System.Text;
using System.Text.Json;
using Impetus.Tests;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>One entry of the fixtures' <c>expected.json</c> and the file that it speaks of.</summary>
internal sealed class GoldenDocument(JsonElement entry)
{
    private static readonly Lazy<Dictionary<string, GoldenDocument>> Entries = new(() =>
        JsonDocument.Parse(System.IO.File.ReadAllBytes(Fixture.Path("documents", "expected.json"))).RootElement.EnumerateArray()
            .Select(entry => new GoldenDocument(entry)).ToDictionary(golden => golden.File));

    public static IEnumerable<string> Names => Entries.Value.Keys;

    public string File { get; } = entry.GetProperty("file").GetString()!;

    public JsonElement Entry => entry;

    public byte[] Bytes => System.IO.File.ReadAllBytes(Fixture.Path("documents", File));

    public static GoldenDocument Named(string file) => Entries.Value[file];

    public string? Text(string property) => entry.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;

    public int? Number(string property) => entry.TryGetProperty(property, out JsonElement value) ? value.GetInt32() : null;

    public IEnumerable<string> List(string property) =>
        entry.TryGetProperty(property, out JsonElement value) ? value.EnumerateArray().Select(item => item.GetString()!) : [];

    public IEnumerable<JsonElement> Items(string property) => entry.TryGetProperty(property, out JsonElement value) ? value.EnumerateArray() : [];

    /// <summary>The error codes that are right for this file; empty when it has to be read.</summary>
    public IReadOnlyList<string> AcceptedErrors
    {
        get
        {
            List<string> codes = [];
            if (entry.TryGetProperty("error", out JsonElement error))
                codes.Add(error.GetProperty("code").GetString()!);
            if (entry.TryGetProperty("may_fail", out error))
                codes.Add(error.GetProperty("code").GetString()!);
            return codes;
        }
    }

    public bool MustFail => Text("outcome") == "error";

    /// <summary>Text as the fixtures' README compares it: NFKC, without soft hyphens, bidi controls and white space, line-end hyphens joined.</summary>
    public static string Comparable(string text)
    {
        StringBuilder clean = new();
        foreach (char c in text.Normalize(NormalizationForm.FormKC).Replace("-\n", "", StringComparison.Ordinal))
            if (!char.IsWhiteSpace(c) && c is not ('\u00AD' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF'))
                clean.Append(c);
        return clean.ToString();
    }
}
