using System.IO.Compression;
using System.Text.Json;
using Impetus.Engine.Tokenization;
using Impetus.Tests;

namespace Impetus.Engine.Tests.Tokenization;

/// <summary>Reads the tokenizer goldens: what Hugging Face's library does, each file plain or gzipped.</summary>
internal static class Golden
{
    /// <summary>Every folder that holds a tokenizer.</summary>
    public static TheoryData<string> Tokenizers => [.. Directory.GetDirectories(Folder)
        .Where(d => File.Exists(Path.Combine(d, "tokenizer.json")) || File.Exists(Path.Combine(d, "tokenizer.json.gz")))
        .Select(d => Path.GetFileName(d)!)
        .Order(StringComparer.Ordinal)];

    /// <summary>The fixtures, or another folder of the same form that IMPETUS_TOKENIZER_GOLDENS names: fresh cases from the reference.</summary>
    private static string Folder => Environment.GetEnvironmentVariable("IMPETUS_TOKENIZER_GOLDENS") ?? Fixture.Path("tokenizers");

    public static HfTokenizer Load(string name) => HfTokenizer.Load(Path.Combine(Folder, name));

    /// <summary>The bytes of a file among the tokenizer goldens, unpacked.</summary>
    public static byte[] Bytes(params string[] parts) => BytesOf(Path.Combine([Folder, .. parts]));

    /// <summary>The objects of a file among the tokenizer goldens, one on each line.</summary>
    public static IEnumerable<JsonElement> Lines(params string[] parts) => LinesOf(Path.Combine([Folder, .. parts]));

    /// <summary>The objects of any file with one on each line.</summary>
    public static IEnumerable<JsonElement> LinesOf(string path)
    {
        using var reader = new StreamReader(new MemoryStream(BytesOf(path)));
        while (reader.ReadLine() is { } line)
            yield return JsonDocument.Parse(line).RootElement;
    }

    private static byte[] BytesOf(string path)
    {
        if (File.Exists(path) && !path.EndsWith(".gz", StringComparison.Ordinal))
            return File.ReadAllBytes(path);
        string packed = path.EndsWith(".gz", StringComparison.Ordinal) ? path : path + ".gz";
        using var gzip = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static int[] Ints(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetInt32())];

    public static string[] Strings(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetString()!)];

    public static TokenOffset[] Offsets(this JsonElement element) =>
        [.. element.EnumerateArray().Select(e => new TokenOffset(e[0].GetInt32(), e[1].GetInt32()))];

    /// <summary>Fails with the number of differences and the first few of them.</summary>
    public static void AssertNone(List<string> differences, int compared)
    {
        Assert.True(compared > 0, "nothing was compared");
        if (differences.Count > 0)
            Assert.Fail($"{differences.Count} of {compared} differ:\n{string.Join('\n', differences.Take(8))}");
    }
}
