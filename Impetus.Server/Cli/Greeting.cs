using Impetus.Server.Hosting;

namespace Impetus.Server.Cli;

/// <summary>What a person needs to know when the server has started: where it is, where data lives, and a line to try.</summary>
internal static class Greeting
{
    public static async Task WriteAsync(TextWriter output, ImpetusServer server, ServerSettings settings, string model, bool showKey)
    {
        string url = server.Address.ToString().TrimEnd('/');
        string where = settings.Address is { } address ? address.ToString()
            : server.LacksIPv6 ? "127.0.0.1 alone: this machine has no IPv6 loopback"
            : "127.0.0.1 and ::1";
        await output.WriteLineAsync($"""
            Impetus {ImpetusServer.Version} listens on {url} ({where}).
            Data directory: {settings.Data}
            """);
        if (showKey && server.Keys.IsNew)
            await output.WriteLineAsync($"Your API key, kept in {server.Keys.FirstPath}: {server.Keys.First}");
        await output.WriteLineAsync($$"""
            Try it:
              curl {{url}}/v1/chat/completions \
                -H "Authorization: Bearer $(cat {{Quote(server.Keys.FirstPath)}})" \
                -H 'Content-Type: application/json' \
                -d '{"model": "{{model}}", "messages": [{"role": "user", "content": "Hello!"}]}'
            Ctrl-C stops.
            """);
    }

    /// <summary>A path as a shell takes it, also inside double quotes with <c>$( )</c> around it.</summary>
    internal static string Quote(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
