using System.CommandLine;
using System.Text.Json;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Hosting;

namespace Impetus.Server.Cli;

/// <summary>`impetus add`: files and folders into the library of the running server.</summary>
internal static class AddCommand
{
    private const int AtOnce = 4;

    private static readonly string[] Outcomes = ["created", "replaced", "unchanged", "added", DocumentUpload.Failed];

    public static void AddTo(Command root, CommandStreams streams)
    {
        var paths = new Argument<string[]>("path") { Description = "Files, folders with all below them, and addresses of the web.", Arity = ArgumentArity.OneOrMore };
        var collection = CollectionOption("The collection; it is made where it does not exist. Absent: documents.");
        var ignore = new Option<string[]>("--ignore")
        {
            Description = "Leaves out files of folders by a pattern of .gitignore's kind, besides their own .gitignore and .impetusignore.",
            HelpName = "pattern",
        };
        var asJson = new Option<bool>("--json") { Description = "Write JSON, with what became of each file." };
        var settings = new SettingOptions();
        var command = new Command("add", "Adds files, folders and pages of the web to the library, and returns when all of them can be found.") { paths, collection, ignore, asJson };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var files = Files(parsed.GetRequiredValue(paths), parsed.GetValue(ignore) ?? []);
            await using var server = await ServerConnection.OpenAsync(settings.Read(parsed), cancel);
            bool json = parsed.GetValue(asJson);
            var added = await AddAsync(server.Client, files, parsed.GetValue(collection), streams, json, cancel);
            if (json)
                await streams.WriteJsonAsync(writer => Write(writer, added));
            else
                await streams.Text.WriteLineAsync(Summary(added));
            return added.Any(file => file.Outcome == DocumentUpload.Failed) ? ExitCode.Fault : ExitCode.Ok;
        });
        root.Subcommands.Add(command);
    }

    /// <summary>The option that names a collection.</summary>
    public static Option<string?> CollectionOption(string help) => new("--collection") { Description = help, HelpName = "name" };

    private static List<string> Files(IEnumerable<string> paths, IReadOnlyList<string> ignore)
    {
        var files = new List<string>();
        foreach (string given in paths)
        {
            string path = DocumentUpload.IsUrl(given) ? given : Path.GetFullPath(given);
            if (DocumentUpload.IsUrl(given))
                files.Add(path);
            else if (Directory.Exists(path))
                files.AddRange(new FolderSource(path) { Ignore = ignore }.Files());
            else if (File.Exists(path))
                files.Add(path);
            else
                throw new SettingsException($"There is no file or folder {path}.");
        }

        return [.. files.Distinct(StringComparer.Ordinal)];
    }

    private static async Task<UploadedFile[]> AddAsync(
        HttpClient client, List<string> files, string? collection, CommandStreams streams, bool quiet, CancellationToken cancel)
    {
        var upload = new DocumentUpload(client, collection);
        var added = new UploadedFile[files.Count];
        int done = 0;
        using var turn = new SemaphoreSlim(1);
        await Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, token) =>
        {
            added[i] = await upload.AddAsync(files[i], job => SayAsync(streams.Error, $"{Path.GetFileName(files[i])}: {Progress(job)}"), token);
            await SayAsync(quiet ? streams.Error : streams.Text, $"[{Interlocked.Increment(ref done)}/{files.Count}] {added[i].Describe()}");
        });
        return added;

        async Task SayAsync(TextWriter writer, string line)
        {
            await turn.WaitAsync(cancel);
            try
            {
                await writer.WriteLineAsync(line);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private static string Progress(JsonElement job)
    {
        string left = job.GetProperty("seconds_left").ValueKind == JsonValueKind.Number ? $", {job.GetProperty("seconds_left").GetDouble():0} s left" : "";
        return $"{job.GetProperty("chunks_done").GetInt32()} of {job.GetProperty("chunks_total").GetInt32()} passages{left}";
    }

    private static string Summary(UploadedFile[] files) => files.Length == 0
        ? "There is nothing to add."
        : string.Join(", ", Outcomes.Select(outcome => (outcome, Count: files.Count(file => file.Outcome == outcome)))
            .Where(pair => pair.Count > 0).Select(pair => $"{pair.Count} {pair.outcome}")) + ".";

    private static void Write(Utf8JsonWriter json, UploadedFile[] files)
    {
        json.WriteStartObject();
        foreach (string outcome in Outcomes)
            json.WriteNumber(outcome, files.Count(file => file.Outcome == outcome));
        json.WriteList("files", files, file => file.Write(json));
        json.WriteEndObject();
    }
}
