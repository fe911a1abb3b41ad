using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Searching.Evaluation;

/// <summary>A text that may be found.</summary>
public sealed record JudgedDocument(string Id, string Title, string Text);

/// <summary>A question, and the grade of each document that was judged for it.</summary>
public sealed record JudgedQuery(string Id, string Text, IReadOnlyDictionary<string, int> Grades);

/// <summary>
/// A collection with judgements, as a folder: <c>corpus.jsonl</c> (<c>id</c>, <c>title</c>, <c>text</c>), <c>queries.jsonl</c> (<c>id</c>,
/// <c>text</c>), <c>qrels.tsv</c> (a header; query, document, grade). Where there is <c>passages.jsonl</c> (<c>id</c>, <c>doc</c>,
/// <c>start</c>, <c>end</c> in UTF-16 code units), the passages are the documents. Each file may be gzipped.
/// </summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Documents">What may be found.</param>
/// <param name="Queries">What is asked.</param>
public sealed record JudgedCollection(string Name, IReadOnlyList<JudgedDocument> Documents, IReadOnlyList<JudgedQuery> Queries)
{
    /// <summary>Reads a folder; throws <see cref="LibraryException"/> naming the file and line that is wrong.</summary>
    public static JudgedCollection Load(string folder)
    {
        var corpus = Corpus(folder);
        var documents = Find(folder, "passages.jsonl") is null ? corpus : Passages(folder, corpus);
        var grades = Grades(folder);
        var queries = Lines(folder, "queries.jsonl", json => (Id: Text(json, "id"), Text: Text(json, "text")));
        return new JudgedCollection(
            NameOf(folder),
            documents,
            [.. queries.Select(query => new JudgedQuery(query.Id, query.Text, grades.GetValueOrDefault(query.Id) ?? []))]);
    }

    internal static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    internal static List<JudgedDocument> Corpus(string folder) =>
        Lines(folder, "corpus.jsonl", json => new JudgedDocument(Text(json, "id"), OptionalText(json, "title"), Text(json, "text")));

    private static List<JudgedDocument> Passages(string folder, List<JudgedDocument> corpus)
    {
        var texts = corpus.ToDictionary(document => document.Id, StringComparer.Ordinal);
        return Lines(folder, "passages.jsonl", json =>
        {
            var document = texts[Text(json, "doc")];
            return new JudgedDocument(
                Text(json, "id"), document.Title, document.Text[json.GetProperty("start").GetInt32()..json.GetProperty("end").GetInt32()]);
        });
    }

    private static Dictionary<string, Dictionary<string, int>> Grades(string folder)
    {
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        using var reader = Open(folder, "qrels.tsv");
        reader.ReadLine();
        for (int line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Split('\t') is not [var query, var document, var number, ..]
                || !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int grade))
                throw Wrong(folder, "qrels.tsv", line, "a query, a document and a whole number, parted by tabs, were expected");
            if (!grades.TryGetValue(query, out var ofQuery))
                grades[query] = ofQuery = new Dictionary<string, int>(StringComparer.Ordinal);
            ofQuery[document] = grade;
        }
        return grades;
    }

    internal static List<T> Lines<T>(string folder, string name, Func<JsonElement, T> map)
    {
        var items = new List<T>();
        using var reader = Open(folder, name);
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            try
            {
                using var json = JsonDocument.Parse(text);
                items.Add(map(json.RootElement));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException or FormatException)
            {
                throw Wrong(folder, name, line, e.Message);
            }
        }
        return items;
    }

    internal static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()
        ?? throw new InvalidOperationException($"{member} is null");

    internal static string OptionalText(JsonElement json, string member) => json.TryGetProperty(member, out var value) ? value.GetString() ?? "" : "";

    private static string? Find(string folder, string name)
    {
        string plain = Path.Combine(folder, name);
        return File.Exists(plain) ? plain : File.Exists(plain + ".gz") ? plain + ".gz" : null;
    }

    private static StreamReader Open(string folder, string name)
    {
        string path = Find(folder, name)
            ?? throw new LibraryException(LibraryFault.NotFound, $"There is neither {name} nor {name}.gz in {folder}.");
        Stream stream = File.OpenRead(path);
        return new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream, Encoding.UTF8);
    }

    private static LibraryException Wrong(string folder, string name, int line, string detail) =>
        new(LibraryFault.InvalidRequest, $"{Path.Combine(folder, name)}, line {line}: {detail}.");
}
