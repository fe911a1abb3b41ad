using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Impetus.Retrieval.Answering;
using Impetus.Retrieval.Answering.Evaluation;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Searching;
using Impetus.Server.Documents;
using Impetus.Server.Hosting;

namespace Impetus.Server.Cli;

/// <summary>
/// Measures answers the way that clients get them: a server of its own over HTTP, with a temporary data directory, is given the documents and
/// asked the questions.
/// </summary>
internal sealed partial class AnswerEvaluation(ImpetusServer server, HttpClient client, string model)
{
    private const int AnswerTokens = 64;
    private const int AtOnce = 4;
    private const int Statements = 200;

    private readonly Dictionary<string, string> _judgedIds = new(StringComparer.Ordinal);

    /// <param name="set">What is asked.</param>
    /// <param name="settings">How the server runs; its data directory and port are not used.</param>
    /// <param name="sample">Answerable questions, and near misses, for which the model writes; evenly spread over the set.</param>
    /// <param name="progress">Told after each question.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<AnswerReport> RunAsync(
        QuestionSet set, ServerSettings settings, int sample, IProgress<string> progress, CancellationToken cancel)
    {
        var home = Directory.CreateTempSubdirectory("impetus-evaluation-");
        try
        {
            await using var server = await ImpetusServer.StartAsync(
                settings with { Data = DataDirectory.Locate(home.FullName, _ => null), Port = 0, Address = null, LogLevel = LogLevel.Warning }, cancel: cancel);
            await server.Models.Loaded.WaitAsync(cancel);
            using var client = new HttpClient { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
            client.DefaultRequestHeaders.Authorization = new("Bearer", server.Keys.First);
            return await new AnswerEvaluation(server, client, server.Models.Models[0].Id).MeasureAsync(set, sample, progress, cancel);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private async Task<AnswerReport> MeasureAsync(QuestionSet set, int sample, IProgress<string> progress, CancellationToken cancel)
    {
        await AddAsync(set, cancel);
        progress.Report($"{set.Documents.Count} documents are in the library.");
        var answers = new JudgedAnswer[set.Questions.Count];
        await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, token) =>
            answers[i] = await ExtractAsync(set.Questions[i], token));
        progress.Report($"{answers.Length} questions are answered by extracts.");
        // One at a time, so that the times to first tokens are those of a server that has nothing else to do.
        foreach (int i in Sample(set.Questions, sample))
        {
            answers[i] = answers[i] with { Written = await WriteAsync(answers[i].Question, cancel) };
            progress.Report($"{set.Questions[i].Text} -> {answers[i].Written!.Text}");
        }

        var models = server.Services.GetRequiredService<LibraryModels>();
        var embedder = (await models.GetAsync(models.DefaultId, cancel)).Documents;
        return new(set.Name, set.Documents.Count, model, models.DefaultId, answers)
        {
            Statements = await AlignmentTrial.RunAsync(set, new AnswerAlignment(embedder), Statements, cancel),
        };
    }

    private async Task AddAsync(QuestionSet set, CancellationToken cancel)
    {
        var library = await server.Services.GetRequiredService<LibraryHost>().LibraryAsync();
        await Parallel.ForEachAsync(set.Documents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (document, token) =>
        {
            var added = await library.AddAsync(
                new NewDocument($"{document.Title}.txt", Encoding.UTF8.GetBytes(document.Text)) { Title = document.Title, Source = document.Id }, token);
            lock (_judgedIds)
                _judgedIds[added.Document.Id] = document.Id;
        });
    }

    private async Task<JudgedAnswer> ExtractAsync(JudgedQuestion question, CancellationToken cancel)
    {
        var (retrieval, citations, _, _, _) = await AskAsync(question.Text, extract: true, AnswerTokens, cancel);
        var signals = retrieval.GetProperty("signals");
        return new(
            question,
            new RefusalSignals(
                signals.GetProperty("top_cosine").GetDouble(), signals.GetProperty("coverage").GetDouble(), signals.GetProperty("bm25_ratio").GetDouble())
            {
                WordsAlone = signals.GetProperty("words_alone").GetBoolean(),
            },
            retrieval.GetProperty("refused").ValueKind != JsonValueKind.Null,
            await PassagesAsync(retrieval),
            Places(citations));
    }

    private async Task<WrittenAnswer> WriteAsync(JudgedQuestion question, CancellationToken cancel)
    {
        var (retrieval, citations, text, cold, sentences) = await AskAsync(question.Text, extract: false, AnswerTokens, cancel);
        var (_, _, _, warm, _) = await AskAsync(question.Text, extract: false, 1, cancel);
        var passages = await PassagesAsync(retrieval);
        var numbers = Marker().Matches(text).SelectMany(marker => Number().Matches(marker.Value))
            .Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture)).Where(number => number >= 1 && number <= passages.Count).Distinct();
        return new(text, [.. numbers.Select(number => passages[number - 1])], Places(citations), sentences, MissingAnswer.IsSaidIn(text), cold, warm);
    }

    /// <summary>Asks as a client does. The signals are to be measured, so that nothing is refused where a model would be asked.</summary>
    private async Task<(JsonElement Retrieval, JsonElement Citations, string Text, FirstToken First, int Sentences)> AskAsync(
        string question, bool extract, int maxTokens, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        JsonElement retrieval = default, citations = default, usage = default;
        double? first = null;
        var text = new StringBuilder();
        await foreach (var step in ChatEvents.SendAsync(client, Body, cancel))
        {
            if (step.TryGetProperty("retrieval", out var told))
                retrieval = told;
            if (step.TryGetProperty("citations", out var cited))
                citations = cited;
            if (step.TryGetProperty("usage", out var used) && used.ValueKind == JsonValueKind.Object)
                usage = used;
            if (ChatEvents.Text(step) is not { Length: > 0 } more)
                continue;
            first ??= Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            text.Append(more);
        }

        var tokens = new FirstToken(
            first ?? Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            usage.GetProperty("prompt_tokens").GetInt32(),
            usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        return (retrieval, citations, text.ToString(), tokens, citations.GetArrayLength());

        void Body(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", true);
            json.WriteNumber("temperature", 0);
            json.WriteNumber("max_tokens", maxTokens);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteString("content", question);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("retrieval");
            json.WriteString("mode", extract ? "extract" : "hybrid");
            if (!extract)
                json.WriteBoolean("require_evidence", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private async Task<IReadOnlyList<CitedPlace>> PassagesAsync(JsonElement retrieval)
    {
        var library = await server.Services.GetRequiredService<LibraryHost>().LibraryAsync();
        return [.. retrieval.GetProperty("evidence").EnumerateArray().Select(passage =>
        {
            string id = passage.GetProperty("document_id").GetString()!;
            int from = passage.GetProperty("start").GetInt32(), to = passage.GetProperty("end").GetInt32();
            return new CitedPlace(_judgedIds[id], from, to, Range(library.Content(id)!, from, to));
        })];
    }

    private List<CitedPlace> Places(JsonElement citations) => [.. citations.EnumerateArray()
        .Where(citation => citation.GetProperty("supported").GetBoolean())
        .Select(citation => new CitedPlace(
            _judgedIds[citation.GetProperty("document_id").GetString()!], citation.GetProperty("start").GetInt32(), citation.GetProperty("end").GetInt32(),
            citation.GetProperty("quote").GetString()!))];

    private static string Range(string text, int start, int end)
    {
        int first = Retrieval.Chunking.CodePoints.ToUtf16(text, start);
        return text[first..(first + Retrieval.Chunking.CodePoints.ToUtf16(text.AsSpan(first), end - start))];
    }

    /// <summary>So many answerable questions and near misses, evenly spread.</summary>
    private static IEnumerable<int> Sample(IReadOnlyList<JudgedQuestion> questions, int size)
    {
        foreach (var kind in (QuestionKind[])[QuestionKind.Answerable, QuestionKind.NearMiss])
        {
            int[] all = [.. Enumerable.Range(0, questions.Count).Where(i => questions[i].Kind == kind)];
            int count = Math.Min(size, all.Length);
            for (int i = 0; i < count; i++)
                yield return all[(int)((long)i * all.Length / count)];
        }
    }

    [GeneratedRegex(@"\[\d{1,6}(?:\s*,\s*\d{1,6})*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\d{1,6}", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
