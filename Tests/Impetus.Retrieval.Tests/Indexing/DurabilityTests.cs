using System.Diagnostics;
using System.Globalization;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Tests.Indexing;

/// <summary>
/// Kills an ingesting process at random moments. Ten rounds by default; <c>IMPETUS_KILL_ROUNDS=200</c> for the long run whose result is in
/// <c>docs/durability.md</c>.
/// </summary>
public sealed class DurabilityTests
{
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("IMPETUS_KILL_ROUNDS") ?? "10", CultureInfo.InvariantCulture);

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_and_nothing_half_written_is_found()
    {
        await using var temporary = await TemporaryLibrary.CreateAsync();
        await temporary.CloseAsync();
        var promises = new Promises();
        var random = new Random(20_261_124);
        for (int round = 0; round < Rounds; round++)
        {
            promises.Add(await RunAndKillAsync(temporary.Folder, random));
            await temporary.OpenAsync();
            await promises.CheckAsync(temporary.Library, round);
            await temporary.CloseAsync();
        }
        TestContext.Current.SendDiagnosticMessage($"{Rounds} kills, {promises.Acknowledgements} acknowledgements, {promises.Documents} documents left.");
        Assert.True(promises.Acknowledgements > Rounds, "The child was killed before it did anything.");
    }

    private static async Task<List<string>> RunAndKillAsync(string folder, Random random)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [CrashingIngest.FolderVariable] = folder,
                [CrashingIngest.SeedVariable] = random.Next().ToString(CultureInfo.InvariantCulture),
            },
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(DurabilityTests).Assembly.Location);
        foreach (string argument in (string[])["-class", typeof(CrashingIngest).FullName!, "-explicit", "only"])
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        child.BeginOutputReadLine();
        var lines = new List<string>();
        int wanted = random.Next(1, 40);
        while (lines.Count < wanted && await child.StandardError.ReadLineAsync() is { } line)
            lines.Add(line);
        // Not at the moment of an acknowledgement, but somewhere in the work that follows it.
        Thread.SpinWait(random.Next(20_000_000));
        child.Kill();
        // A last line may be cut short by the kill; what is not whole was not acknowledged to anyone.
        string rest = await child.StandardError.ReadToEndAsync();
        lines.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await child.WaitForExitAsync();
        return lines;
    }

    /// <summary>What the library has promised.</summary>
    private sealed class Promises
    {
        private readonly Dictionary<string, (string Source, string Sha256)> _added = new(StringComparer.Ordinal);
        private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);
        private readonly List<string> _jobs = [];

        public int Acknowledgements { get; private set; }

        public int Documents => _added.Count;

        /// <summary>Takes the lines of one round. Three workers wrote them: which of two came first is not known.</summary>
        public void Add(List<string> lines)
        {
            foreach (string[] words in lines.Select(line => line.Split(' ')))
            {
                Assert.Contains(words[0], (string[])["+", "-", "j", "?"]);
                Acknowledgements += words[0] == "?" ? 0 : 1;
                if (words[0] == "+")
                    _added[words[1]] = (words[2], words[3]);
                else if (words[0] == "-")
                    _deleted.Add(words[1]);
                else if (words[0] == "j")
                    _jobs.Add(words[1]);
            }

            // Whoever held a source whose document was to be deleted may be gone: by that deletion, or replaced by what was then deleted.
            foreach (string source in lines.Select(line => line.Split(' ')).Where(words => words[0] == "?").Select(words => words[2]))
            {
                foreach (string id in _added.Where(pair => pair.Value.Source == source).Select(pair => pair.Key).ToList())
                    _added.Remove(id);
            }
        }

        public async Task CheckAsync(DocumentLibrary library, int round)
        {
            foreach (string job in _jobs)
                Assert.Equal(JobState.Succeeded, (await DocumentLibraryTests.EndAsync(library, job)).State);
            _jobs.Clear();
            // Jobs that were durable, but whose acknowledgement the kill cut off, run as well; what they replace must not change under the check.
            foreach (var job in library.ListJobs(1_000).Items.Where(job => !job.IsFinished))
                await DocumentLibraryTests.EndAsync(library, job.Id);
            await library.PurgeAsync();
            var faults = await library.CheckAsync();
            Assert.True(faults.Count == 0, $"round {round}: {string.Join(" ", faults)}");

            var found = All(library);
            Assert.All(found.Values, document => Assert.Equal(document.Sha256, CrashingIngest.Sha256(library.Content(document.Id)!)));
            Assert.DoesNotContain(_deleted, found.ContainsKey);
            var holders = found.Values.ToDictionary(document => document.Source!, document => document.Id, StringComparer.Ordinal);
            foreach (var (id, (source, sha256)) in _added.ToList())
            {
                if (found.TryGetValue(id, out var document))
                {
                    Assert.Equal((source, sha256), (document.Source, document.Sha256));
                    continue;
                }
                Assert.True(holders.TryGetValue(source, out string? holder) && holder != id, $"round {round}: {id} was acknowledged and is lost");
                _added.Remove(id);
            }
        }

        private static Dictionary<string, StoredDocument> All(DocumentLibrary library)
        {
            var found = new Dictionary<string, StoredDocument>(StringComparer.Ordinal);
            string? after = null;
            do
            {
                var page = library.List(limit: 100, after: after);
                foreach (var document in page.Items)
                    found.Add(document.Id, document);
                after = page.Next;
            }
            while (after is not null);
            return found;
        }
    }
}
