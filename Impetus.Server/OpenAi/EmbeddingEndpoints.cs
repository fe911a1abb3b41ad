using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Texts into vectors.</summary>
internal static class EmbeddingEndpoints
{
    public static void MapEmbeddings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/embeddings", EmbedAsync).Describe(
            "Embeds texts, in their order.", () => OpenAiJson.Wire.EmbeddingList, EmbeddingRequest.Contract);

    private static async Task EmbedAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var active = services.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        var request = await RequestBody.ReadAsync(context, EmbeddingRequest.Read);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        var embedder = await context.UseEmbedderAsync(request.Model, request.KeepAlive);
        var embeddings = await EmbeddingErrors.TranslateAsync("input", request.Input.IsSingle, () => request.Input.Texts is { } texts
            ? embedder.EmbedAsync(texts, request.Options, cancel.Token)
            : embedder.EmbedTokensAsync(request.Input.Tokens!, request.Options, cancel.Token));

        long tokens = embeddings.Sum(embedding => (long)embedding.TokenCount);
        int[] truncated = [.. Enumerable.Range(0, embeddings.Count).Where(i => embeddings[i].Truncated)];
        var answer = new EmbeddingList(
            "list",
            [.. embeddings.Select((embedding, i) => new EmbeddingObject("embedding", i, new(embedding.Vector, request.Base64)))],
            request.Model,
            new(tokens, tokens),
            truncated.Length > 0 ? truncated : null);
        await context.Response.WriteJsonAsync(answer, OpenAiJson.Wire.EmbeddingList);
    }
}
