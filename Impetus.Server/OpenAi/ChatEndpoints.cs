using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Conversations.</summary>
internal static class ChatEndpoints
{
    public static void MapChatCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", CompleteAsync).Describe(
            "Answers a conversation, at once or as a stream of events.",
            OpenAiJson.Wire.ChatCompletion,
            ChatContract.Contract,
            OpenAiJson.Wire.ChatChunkWithUsage);

    private static async Task CompleteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        using var visit = services.GetRequiredService<ActiveRequests>().Enter();
        var models = services.GetRequiredService<ModelHost>();
        var request = await RequestBody.ReadAsync(context, body => ChatRequest.Read(body, models));
        PromptLog.Write(context, [request.Prompt]);
        var answer = new ChatAnswer(request, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var events = new GenerationRun(context, request.Model).EventsAsync(request.Generation);
        if (request.Stream)
            await new GenerationStream(context, answer, request.Generation.Choices, request.IncludeUsage).RunAsync(events);
        else
            await context.Response.WriteJsonAsync(await answer.CollectAsync(events), OpenAiJson.Wire.ChatCompletion);
    }
}
