using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Impetus.Retrieval.Indexing;

namespace Impetus.Retrieval.Tests.Indexing;

/// <summary>
/// The child of <see cref="DurabilityTests"/>: a test that runs only when asked for, and then ingests until it is killed. It says on a line
/// of its standard error what the library has acknowledged (<c>+ id source sha256</c>, <c>- id</c>, <c>j id</c>), and, before it asks for a
/// deletion, which (<c>? id source</c>).
/// </summary>
public sealed class CrashingIngest
{
    internal const string FolderVariable = "IMPETUS_CRASHING_INGEST";
    internal const string SeedVariable = "IMPETUS_CRASHING_INGEST_SEED";

    [Fact(Explicit = true)]
    public Task Ingests_until_it_is_killed() => IngestAsync(
        Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException("Only the durability test runs this."),
        new Random(int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, CultureInfo.InvariantCulture)));

    private static async Task IngestAsync(string folder, Random random)
    {
        await using var library = await DocumentLibrary.OpenAsync(new(folder, new FakeModels(), TemporaryLibrary.ReadAsync));
        var output = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(() => WorkAsync(library, output, new Random(random.Next())))));
    }

    private static async Task WorkAsync(DocumentLibrary library, StreamWriter output, Random random)
    {
        while (true)
        {
            var document = NewDocument(random);
            switch (random.Next(10))
            {
                case 0 when library.List(limit: 5).Items is [.., var last]:
                    Say($"? {last.Id} {last.Source}");
                    if (await library.DeleteAsync(last.Id))
                        Say($"- {last.Id}");
                    break;
                case 1:
                    Say($"j {(await library.EnqueueAsync(document)).Id}");
                    break;
                default:
                    var added = (await library.AddAsync(document)).Document;
                    Say($"+ {added.Id} {added.Source} {added.Sha256}");
                    break;
            }
        }

        void Say(string line)
        {
            lock (output)
                output.WriteLine(line);
        }
    }

    /// <summary>Sources repeat, so that documents replace one another; some need many commits.</summary>
    private static NewDocument NewDocument(Random random)
    {
        int sentences = random.Next(8) == 0 ? 2_000 : random.Next(1, 60);
        string text = string.Join(" ", Enumerable.Range(0, sentences).Select(i => $"Sentence {i} has the number {random.Next(1_000_000)} in it."));
        return new($"{random.Next(40)}.txt", Encoding.UTF8.GetBytes(text)) { Source = $"source{random.Next(40)}" };
    }

    internal static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
