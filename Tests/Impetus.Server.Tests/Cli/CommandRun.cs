using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Impetus.Server.Cli;

namespace Impetus.Server.Tests.Cli;

/// <summary>A command that ran in this process, from its words to its last line.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Each line of the output as JSON.</summary>
    public IReadOnlyList<JsonElement> Answers => field ??= [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    public static async Task<CommandRun> Of(IEnumerable<string> lines, params string[] words)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int code = await ImpetusCommand.RunAsync(words, new CommandStreams(input, output, error));
        return new(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>The lines of a fixture, plain or gzipped.</summary>
    public static IReadOnlyList<JsonElement> Lines(string path)
    {
        using Stream file = File.Exists(path) ? File.OpenRead(path) : new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var lines = new List<JsonElement>();
        while (reader.ReadLine() is { } line)
            lines.Add(JsonElement.Parse(line));
        return lines;
    }
}
