using System.Diagnostics;
using System.Globalization;
using System.Text;
using Impetus.Engine.Tokenization;
using Impetus.Tests;

namespace Impetus.Benchmarks;

/// <summary>
/// How fast texts become ids: MB/s of UTF-8 over the text given (<c>--text FILE</c>, else this repository's own sources), the
/// first pass apart from the best of several, and milliseconds for inputs that defeat careless implementations.
/// <c>--write-text FILE</c> keeps the text for peers/tokenizers.mjs.
/// Further arguments are folders with a <c>tokenizer.json</c>; without any, the starter models.
/// </summary>
internal static class TokenizerBenchmark
{
    private const int Runs = 5;
    private const int MaxBytes = 1_000_000;

    private static readonly (string Name, string Text)[] WorstCases =
    [
        ("100,000 letters", new string('a', 100_000)),
        ("100,000 spaces", new string(' ', 100_000)),
        ("50,000 emoji", string.Concat(Enumerable.Repeat("😀", 50_000))),
        ("100,000 digits", new string('7', 100_000)),
        ("100,000 ideographs", new string('中', 100_000)),
        ("100,000 newlines", new string('\n', 100_000)),
        ("100,000 marks", "e" + new string('\u0301', 100_000)),
        ("100,000 ab", string.Concat(Enumerable.Repeat("ab", 50_000))),
        ("100,000 words", string.Concat(Enumerable.Repeat("a ", 50_000))),
    ];

    public static void Run(string[] args)
    {
        string text = Value("--text") is { } file ? File.ReadAllText(file) : Sources();
        if (Value("--write-text") is { } copy)
            File.WriteAllText(copy, text);
        string[] folders = [.. args.Where((arg, i) => !arg.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal)))];
        if (folders.Length == 0)
            folders = [Fixture.Model("SmolLM2-135M-Instruct"), Fixture.Model("all-MiniLM-L6-v2")];
        foreach (string folder in folders)
            Measure(folder, text);

        string? Value(string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static void Measure(string folder, string text)
    {
        var clock = Stopwatch.StartNew();
        var tokenizer = HfTokenizer.Load(folder);
        double load = clock.Elapsed.TotalMilliseconds;
        double megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        var (first, ids) = Seconds(() => tokenizer.EncodeIds(text, addSpecialTokens: false));
        double best = Enumerable.Range(0, Runs).Min(_ => Seconds(() => tokenizer.EncodeIds(text, addSpecialTokens: false)).Seconds);
        double offsets = Enumerable.Range(0, Runs).Min(_ => Seconds(() => tokenizer.Encode(text)).Seconds);
        double decode = Enumerable.Range(0, Runs).Min(_ => Seconds(() => tokenizer.Decode(ids, skipSpecialTokens: false)).Seconds);
        Print($"{Path.GetFileName(folder.TrimEnd('/'))}: load {load:F0} ms, {ids.Count} ids; ids {megabytes / best:F1} MB/s (first pass {megabytes / first:F1}), with offsets {megabytes / offsets:F1} MB/s, decode {megabytes / decode:F1} MB/s");
        foreach (var (name, worst) in WorstCases)
            Print($"  {name}: {Enumerable.Range(0, 3).Min(_ => Seconds(() => tokenizer.EncodeIds(worst)).Seconds) * 1e3:F0} ms");
    }

    private static (double Seconds, T Result) Seconds<T>(Func<T> action)
    {
        long start = Stopwatch.GetTimestamp();
        var result = action();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, result);
    }

    /// <summary>The engine's sources and the texts of the tokenizer fixtures, up to a megabyte.</summary>
    private static string Sources()
    {
        var text = new StringBuilder();
        var files = Directory.EnumerateFiles(Path.Combine(Fixture.Repository, "Impetus.Engine"), "*.cs", SearchOption.AllDirectories);
        foreach (string file in files.Order(StringComparer.Ordinal))
            if (text.Length < MaxBytes)
                text.Append(File.ReadAllText(file));
        return text.ToString(0, Math.Min(text.Length, MaxBytes));
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
