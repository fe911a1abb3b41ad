using Impetus.Engine.Generation;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>Conversations.</summary>
internal static partial class ChatEndpoints
{
    public static void MapChatCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", CompleteAsync).Describe(
            "Answers a conversation, at once or as a stream of events.",
            OpenAiJson.Wire.ChatCompletion,
            ChatContract.Contract,
            OpenAiJson.Wire.ChatChunk);

    private static async Task CompleteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        using var visit = services.GetRequiredService<ActiveRequests>().Enter();
        var models = services.GetRequiredService<ModelHost>();
        var request = await RequestBody.ReadAsync(context, body => ChatRequest.Read(body, models));
        LogPrompt(services.GetRequiredService<ILoggerFactory>().CreateLogger("Impetus.Prompts"), RequestRecord.Of(context).Id, request.Prompt);
        var answer = new ChatAnswer(request, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var events = new GenerationRun(context, request.Model).EventsAsync(request.Generation);
        if (request.Stream)
            await StreamAsync(new GenerationStream(context), request, answer, events);
        else
            await context.Response.WriteJsonAsync(await answer.CollectAsync(events), OpenAiJson.Wire.ChatCompletion);
    }

    private static Task StreamAsync(GenerationStream stream, ChatRequest request, ChatAnswer answer, IAsyncEnumerable<GenerationEvent> events)
    {
        bool opened = false;
        ChatChunk? last = null;
        return stream.RunAsync(events, Write);

        void Write(EventStream output, GenerationEvent step)
        {
            if (!opened)
                Send(output, [.. answer.Opening()]);
            opened = true;
            switch (step)
            {
                case TextDelta delta:
                    Send(output, answer.Part(delta));
                    break;
                case ChoiceDone done:
                    // Held back until it is known whether it is the last, which tells the timings.
                    Send(output, last);
                    last = answer.End(done);
                    break;
                case RequestDone done when request.IncludeUsage:
                    Send(output, last, answer.Total(done));
                    break;
                case RequestDone done:
                    Send(output, last! with { Timings = Timings.Of(done.Usage, request.Generation.Choices) });
                    break;
            }
        }
    }

    private static void Send(EventStream output, params ReadOnlySpan<ChatChunk?> chunks)
    {
        foreach (var chunk in chunks)
        {
            if (chunk is ChatChunkWithUsage full)
                output.Write(full, OpenAiJson.Wire.ChatChunkWithUsage);
            else if (chunk is not null)
                output.Write(chunk, OpenAiJson.Wire.ChatChunk);
        }
    }

    [LoggerMessage(LogLevel.Trace, "{RequestId} prompt: {Prompt}")]
    private static partial void LogPrompt(ILogger log, string requestId, string prompt);
}
