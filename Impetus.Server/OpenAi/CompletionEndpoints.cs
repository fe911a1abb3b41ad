using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>Text that is continued as it stands, without a template.</summary>
internal static class CompletionEndpoints
{
    public static void MapCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/completions", CompleteAsync).Describe(
            "Continues texts, at once or as a stream of events.",
            () => OpenAiJson.Wire.TextCompletion,
            CompletionContract.Contract,
            () => OpenAiJson.Wire.TextCompletion);

    private static async Task CompleteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        using var visit = services.GetRequiredService<ActiveRequests>().Enter();
        var request = await RequestBody.ReadAsync(context, body => CompletionRequest.ReadAsync(body, context));
        PromptLog.Write(context, request.Prompts.Select(prompt => request.Model.Decode(prompt.Generation.Prompt)));
        var answer = new CompletionAnswer(request, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var events = PromptMerge.EventsAsync(new GenerationRun(context, request.Model), request.Prompts);
        if (request.Stream)
            await new GenerationStream(context, answer, request.Choices, request.IncludeUsage).RunAsync(events);
        else
            await context.Response.WriteJsonAsync(await answer.CollectAsync(events), OpenAiJson.Wire.TextCompletion);
    }
}
