using Impetus.Engine.Generation;
using Impetus.Server.Conversations;
using Impetus.Server.Documents;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>Conversations.</summary>
internal static class ChatEndpoints
{
    public static void MapChatCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", CompleteAsync).Describe(
            "Answers a conversation, at once or as a stream of events.",
            () => OpenAiJson.Wire.ChatCompletion,
            ChatContract.Contract,
            () => OpenAiJson.Wire.ChatChunkWithUsage);

    private static async Task CompleteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var active = services.GetRequiredService<ActiveRequests>();
        using var visit = active.Enter();
        var asked = await RequestBody.ReadAsync(context, body => ChatRequest.ReadAsync(body, context));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, active.CutOff);
        using var turn = services.GetRequiredService<ConversationTurns>().Begin(asked);
        var (request, grounding) = await services.GetRequiredService<Grounder>().GroundAsync(turn?.Request ?? asked, cancel.Token);
        PromptLog.Write(context, [request.Prompt]);
        var answer = new ChatAnswer(request, grounding, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var events = Events(context, request, grounding, cancel.Token);
        if (turn is not null)
            events = turn.FollowAsync(events, cancel.Token);
        if (request.Stream)
            await new GenerationStream(context, answer, request.Generation.Choices, request.IncludeUsage).RunAsync(events);
        else
            await context.Response.WriteJsonAsync(await answer.CollectAsync(events), OpenAiJson.Wire.ChatCompletion);
    }

    private static IAsyncEnumerable<GenerationEvent> Events(HttpContext context, ChatRequest request, Grounding? grounding, CancellationToken cancel)
    {
        if (grounding is { Ready: not null })
            return grounding.ReadyEventsAsync();
        var events = new GenerationRun(context, request.Model).EventsAsync(request.Generation, cancel);
        return grounding is null ? events : grounding.FollowAsync(events, cancel);
    }
}
