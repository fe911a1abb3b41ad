using System.Text.Json;
using Spectre.Console;

namespace Impetus.Server.Cli;

/// <summary>Shows on a terminal how far the server is with a model that it loads or copies, while the request for it is under way.</summary>
internal static class ModelProgress
{
    /// <param name="streams">Where to show it.</param>
    /// <param name="server">Whose events are followed.</param>
    /// <param name="id">The model; null: whichever.</param>
    /// <param name="work">The request.</param>
    /// <param name="quiet">Shows nothing.</param>
    /// <param name="cancel">Stops following.</param>
    /// <returns>The answer to the request.</returns>
    public static async Task<JsonElement> FollowAsync(
        CommandStreams streams, ServerConnection server, string? id, Task<JsonElement> work, bool quiet, CancellationToken cancel)
    {
        var console = streams.Console;
        if (quiet || !console.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
            return await work;
        return await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                var following = ShowAsync(server, id, progress, over.Token);
                try
                {
                    return await work;
                }
                finally
                {
                    await over.CancelAsync();
                    await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });
    }

    private static async Task ShowAsync(ServerConnection server, string? id, ProgressContext progress, CancellationToken cancel)
    {
        var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
        await foreach (var happened in server.EventsAsync(cancel))
        {
            if (!happened.TryGetProperty("model", out var model) || !model.TryGetProperty("loaded_bytes", out var done) || !model.TryGetProperty("total_bytes", out var total))
                continue;
            string name = model.GetProperty("id").GetString()!;
            if (id is not null && name != id)
                continue;
            if (!tasks.TryGetValue(name, out var task))
                tasks[name] = task = progress.AddTask(Markup.Escape($"{model.GetProperty("state").GetString()} {name}"));
            task.MaxValue = Math.Max(1, total.GetInt64());
            task.Value = done.GetInt64();
        }
    }
}
