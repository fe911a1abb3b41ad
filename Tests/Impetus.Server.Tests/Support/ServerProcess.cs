using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Impetus.Server.Tests.Support;

/// <summary>The command, serving in a process of its own with a data directory of its own: where the process is what is tested.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Lets the runtime compile each method once and for all, and keep no room for the next: code is no model's memory, and grows for minutes.</summary>
    public static readonly (string Name, string? Value)[] CompiledOnce = [("DOTNET_TieredCompilation", "0"), ("DOTNET_JitHostMaxSlabCache", "0")];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>A client with the first key.</summary>
    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>The command in a process, its output to be read by the caller.</summary>
    public static Process Start(TemporaryDirectory home, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Impetus.Server.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment.Append(("IMPETUS_HOME", home.Path)).Append(("IMPETUS_API_KEY", null)))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Serves with the starter model on the CPU; returns when it can answer.</summary>
    public static async Task<ServerProcess> ServeAsync(TemporaryDirectory home, params (string Name, string? Value)[] environment)
    {
        var server = new ServerProcess(Start(home, ["--port", "0", "--backend", "cpu"], environment));
        try
        {
            string greeting = await ReadUntilAsync(server._process.StandardOutput, "Ctrl-C stops.");
            server.Client.BaseAddress = new(greeting.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(home.Combine("state", "api-key")).Trim());
            await server._loaded.Task;
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads lines up to one that contains <paramref name="end"/>.</summary>
    public static async Task<string> ReadUntilAsync(StreamReader reader, string end)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
            text.AppendLine(await reader.ReadLineAsync() ?? throw new InvalidOperationException($"It ended too soon: {text}"));
        return text.ToString();
    }

    /// <summary>What <c>/api/status</c> says of memory.</summary>
    public async Task<JsonElement> MemoryAsync() => (await GetAsync("/api/status")).GetProperty("memory");

    public async Task<JsonElement> GetAsync(string path) => await OkAsync(await Client.GetAsync(path));

    public async Task<JsonElement> PostAsync(string path, string body) => await OkAsync(await Client.PostJsonAsync(path, body));

    /// <summary>Ends the process at once.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string Log => string.Join('\n', _log);

    private async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}\n{Log}");
        return await response.JsonAsync();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            _loaded.TrySetException(new InvalidOperationException($"It ended too soon: {Log}"));
            return;
        }

        _log.Enqueue(line);
        if (line.Contains("is loaded", StringComparison.Ordinal))
            _loaded.TrySetResult();
    }
}
