using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Documents by how well they answer a query.</summary>
internal static class RerankEndpoints
{
    public static void MapRerank(this IEndpointRouteBuilder routes)
    {
        foreach (string path in (string[])["/v1/rerank", "/rerank"])
        {
            routes.MapPost(path, RerankAsync).Describe(
                "Scores documents against a query with a cross-encoder, best first.", () => OpenAiJson.Wire.RerankList, RerankRequest.Contract);
        }
    }

    private static async Task RerankAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var active = services.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        var request = await RequestBody.ReadAsync(context, RerankRequest.Read);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        var reranker = await context.UseRerankerAsync(request.Model, request.KeepAlive);
        var scores = await EmbeddingErrors.TranslateAsync(
            "documents", false, () => reranker.ScoreAsync(request.Query, request.Documents, request.Truncate, cancel.Token));

        long tokens = scores.Sum(score => (long)score.TokenCount);
        int[] truncated = [.. Enumerable.Range(0, scores.Count).Where(i => scores[i].Truncated)];
        var best = Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i].Raw).Take(request.TopN);
        var answer = new RerankList(
            "list",
            request.Model,
            [.. best.Select(i => new RerankResult(i, scores[i].Normalised, scores[i].Raw, request.ReturnDocuments ? new(request.Documents[i]) : null))],
            new(tokens, tokens),
            truncated.Length > 0 ? truncated : null);
        await context.Response.WriteJsonAsync(answer, OpenAiJson.Wire.RerankList);
    }
}
