using Impetus.Engine.Embedding;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>The models that a request uses. They stay in memory until its response is complete.</summary>
internal static class ModelUse
{
    /// <summary>The chat model of an id, loaded if it must be.</summary>
    /// <exception cref="Http.ApiException">As <see cref="ModelHost.LeaseAsync"/> says.</exception>
    public static Task<IChatModel> UseChatModelAsync(this HttpContext context, string id, KeepAlive? keepAlive) =>
        UseAsync(context, cancel => context.RequestServices.GetRequiredService<ModelHost>().LeaseAsync<IChatModel>(id, ModelKind.Chat, keepAlive, cancel));

    /// <summary>The embedding model of an id, loaded if it must be.</summary>
    /// <exception cref="Http.ApiException">As <see cref="ModelHost.LeaseAsync"/> says.</exception>
    public static Task<Embedder> UseEmbedderAsync(this HttpContext context, string id, KeepAlive? keepAlive) =>
        UseAsync(context, cancel => context.RequestServices.GetRequiredService<EmbeddingModels>().EmbedderAsync(id, keepAlive, cancel));

    /// <summary>The reranker of an id, loaded if it must be.</summary>
    /// <exception cref="Http.ApiException">As <see cref="EmbeddingModels.RerankerAsync"/> says.</exception>
    public static Task<Reranker> UseRerankerAsync(this HttpContext context, string id, KeepAlive? keepAlive) =>
        UseAsync(context, cancel => context.RequestServices.GetRequiredService<EmbeddingModels>().RerankerAsync(id, keepAlive, cancel));

    private static async Task<T> UseAsync<T>(HttpContext context, Func<CancellationToken, Task<ModelLease<T>>> lease)
    {
        var active = context.RequestServices.GetRequiredService<ActiveRequests>();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        try
        {
            var use = await lease(cancel.Token);
            context.Response.RegisterForDispose(use);
            return use.Model;
        }
        catch (OperationCanceledException) when (active.CutOff.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw ActiveRequests.ShuttingDown();
        }
    }
}
