using System.CommandLine;
using Impetus.Retrieval.Reading;
using Impetus.Retrieval.Reading.Worker;
using Impetus.Server.Documents;
using Impetus.Server.Hosting;

namespace Impetus.Server.Cli;

/// <summary>`impetus inspect document`: what a reader makes of a file, read by the worker process as the library reads it.</summary>
internal static class InspectDocument
{
    public static void AddTo(Command inspect, CommandStreams streams)
    {
        var file = new Argument<string>("file") { Description = "A document of any kind." };
        var command = new Command(
            "document", "Reads a file and writes {\"kind\", \"title\", \"pages\", \"headings\", \"warnings\", …} or {\"error\": {\"code\", \"message\"}}.")
        {
            file,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetRequiredValue(file);
            await using var reader = new ReaderWorker(ReaderProgram.Start);
            await DocumentInspection.WriteAsync(reader, Read(path), Path.GetFileName(path), streams.Output, indented: !Console.IsOutputRedirected, cancel);
            return ExitCode.Ok;
        });
        inspect.Subcommands.Add(command);
    }

    private static byte[] Read(string path)
    {
        try
        {
            // A larger file is refused for its size, and need not be in memory for that.
            using var stream = File.OpenRead(path);
            byte[] bytes = new byte[Math.Min(stream.Length, ReadingLimits.Default.FileBytes + 1)];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path} cannot be read: {fault.Message}", fault);
        }
    }
}
