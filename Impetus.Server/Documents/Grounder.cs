using Impetus.Retrieval.Answering;
using Impetus.Retrieval.Chunking;
using Impetus.Retrieval.Searching;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.OpenAi;
using Microsoft.Extensions.AI;
using ChatMessage = Impetus.Server.Management.ChatMessage;

namespace Impetus.Server.Documents;

/// <summary>
/// Makes evidence of a conversation: finds passages, decides whether the question can be answered from them, and writes those that fit a budget of
/// tokens into the system message, behind the client's own. Thread safe.
/// </summary>
internal sealed class Grounder(LibraryHost host, LibraryModels models, LibraryReranker reranker)
{
    private const int DefaultBudget = 2048;

    private const string Refusal = "I cannot answer this from the documents: they do not seem to say anything about it.";

    /// <summary>The request with its evidence, and what must be told of it; the request itself if it asks for no documents.</summary>
    public async Task<(ChatRequest Request, Grounding? Grounding)> GroundAsync(ChatRequest request, CancellationToken cancel)
    {
        if (request.Retrieval is null && request.ContextDocuments.Count == 0)
            return (request, null);

        if (request.Retrieval is { Search.Rerank: true })
            reranker.Require($"{RetrievalRequest.Field.Name}.{SearchFields.Rerank.Name}");
        string query = ConversationQuery.Of([.. request.Messages.Where(message => message.Role == "user").Select(message => message.Content)]);
        var given = request.ContextDocuments.Select(Given).ToList();
        var found = request.Retrieval is { } retrieval && query.Length > 0 ? await SearchAsync(request.Model, retrieval, query, cancel) : null;
        string? refused = given.Count == 0 && request.Retrieval is { RequireEvidence: true } strict ? Refused(found, strict.Threshold) : null;

        var (selection, budget) = refused is null ? Select(request, given, found) : (new EvidenceSelection([], [], 0), 0);
        var embedder = (await models.GetAsync(models.DefaultId, cancel)).Documents;
        var ready = refused is not null
            ? new ExtractiveAnswer(Refusal, [])
            : request.Retrieval is { Extract: true } ? await ExtractAsync(query, selection.Used, embedder, cancel) : null;
        var grounded = ready is null ? request.Saying(Messages(request, selection.Used)) : request;
        var told = new RetrievalObject(
            found?.Queries ?? [],
            found?.Steps.Select(SearchStepObject.Of).ToList(),
            [.. selection.Used.Select(EvidenceObject.Of)],
            [.. selection.LeftOut.Select(LeftOutObject.Of)],
            selection.Tokens,
            budget,
            found is null ? null : SignalObject.Of(found.Signals),
            refused,
            request.Retrieval is { Debug: true } && ready is null ? grounded.Prompt : null);
        return (grounded, new Grounding(told, selection.Used, ready, embedder));
    }

    private async Task<Findings> SearchAsync(IChatModel model, RetrievalRequest retrieval, string query, CancellationToken cancel)
    {
        var library = await host.LibraryAsync();
        if (retrieval.Agentic)
        {
            var search = new AgenticSearch((part, stop) => library.SearchAsync(retrieval.Search with { Query = part }, stop), new ModelSplitter(model));
            var response = await search.RunAsync(query, cancel);
            return new(response.Results, response.Signals, response.Steps);
        }

        var found = await library.SearchAsync(retrieval.Search with { Query = query }, cancel);
        var signals = found.Signals;
        if (retrieval.Search.Mode != SearchMode.Hybrid && found.Results.Count > 0)
        {
            // The signals weigh words against meaning, so they need both, whatever ranks.
            signals = (await library.SearchAsync(retrieval.Search with { Query = query, Mode = SearchMode.Hybrid, Limit = 1, Rerank = false }, cancel)).Signals;
        }

        return new(found.Results, signals, [new(SearchStepKind.Search, query, [], found.Results.Count, signals.Coverage, 0)]);
    }

    /// <summary>What was found, and how.</summary>
    private sealed record Findings(IReadOnlyList<SearchResult> Results, RefusalSignals Signals, IReadOnlyList<SearchStep> Steps)
    {
        public IReadOnlyList<string> Queries => [.. Steps.Where(step => step.Kind != SearchStepKind.Split).Select(step => step.Query)];
    }

    private static string? Refused(Findings? found, double threshold) => found switch
    {
        null or { Results.Count: 0 } => "no_evidence",
        _ => found.Signals.Score < threshold ? "off_topic" : null,
    };

    private static (EvidenceSelection Selection, int Budget) Select(ChatRequest request, List<Evidence> given, Findings? found)
    {
        int Count(Evidence evidence) => request.Model.Encode(GroundedPrompt.Fenced(evidence, request.Model.AsText), addSpecialTokens: false).Count + 2;
        int rules = request.Model.Encode(GroundedPrompt.System(null, [], text => text), addSpecialTokens: false).Count;
        int room = Math.Max(0, request.Model.Generator.ContextLength - request.Generation.Prompt.Count - rules);
        var fixedPart = EvidenceSelection.Fit(given, room, Count);
        if (fixedPart.LeftOut.Count > 0)
        {
            throw ApiException.Invalid(
                RetrievalRequest.ContextDocuments.Name,
                $"The context documents do not fit: the conversation leaves room for {room} tokens. Send less.",
                "context_length_exceeded");
        }

        int budget = Math.Min(request.Retrieval?.TokenBudget ?? DefaultBudget, (room - fixedPart.Tokens) / 2);
        var searched = EvidenceSelection.Fit(found?.Results.Select(Evidence.Of) ?? [], budget, Count);
        Evidence[] all = [.. fixedPart.Used.Concat(searched.Used).Select((evidence, i) => evidence with { Number = i + 1 })];
        return (new EvidenceSelection(all, searched.LeftOut, fixedPart.Tokens + searched.Tokens), budget);
    }

    private static async Task<ExtractiveAnswer> ExtractAsync(
        string query, IReadOnlyList<Evidence> evidence, IEmbeddingGenerator<string, Embedding<float>> embedder, CancellationToken cancel)
    {
        var answer = await ExtractiveAnswer.MakeAsync(query, evidence, embedder, cancel);
        return answer.Text.Length > 0 ? answer : new ExtractiveAnswer(Refusal, []);
    }

    private static IReadOnlyList<ChatMessage> Messages(ChatRequest request, IReadOnlyList<Evidence> evidence)
    {
        string own = string.Join("\n\n", request.Messages.Where(message => message.Role == "system").Select(message => message.Content));
        return
        [
            new ChatMessage("system", GroundedPrompt.System(own, evidence, request.Model.AsText)),
            .. request.Messages.Where(message => message.Role != "system"),
        ];
    }

    private static Evidence Given(string text, int index) => new(0, $"Document {index + 1}", text)
    {
        Source = $"{RetrievalRequest.ContextDocuments.Name}[{index}]",
        End = CodePoints.Count(text),
    };
}
