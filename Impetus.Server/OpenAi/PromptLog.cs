using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>Logs what people ask, for those who asked for it: at trace alone.</summary>
internal static partial class PromptLog
{
    /// <param name="context">Whose prompts they are.</param>
    /// <param name="prompts">Their texts, made only when they are logged.</param>
    public static void Write(HttpContext context, IEnumerable<string> prompts)
    {
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Impetus.Prompts");
        if (!log.IsEnabled(LogLevel.Trace))
            return;
        foreach (string prompt in prompts)
            Prompt(log, RequestRecord.Of(context).Id, prompt);
    }

    [LoggerMessage(LogLevel.Trace, "{RequestId} prompt: {Prompt}")]
    private static partial void Prompt(ILogger log, string requestId, string prompt);
}
