using Impetus.Retrieval.Reading;
using Impetus.Retrieval.Reading.Worker;

// Without --reader the executable is like any program that knows nothing of readers.
if (args is not ["--reader"])
    return 2;
await using Stream input = Console.OpenStandardInput();
await using Stream output = Console.OpenStandardOutput();
return await ReaderWorkerProgram.RunAsync(input, output, Misbehaving.Read, CancellationToken.None);

/// <summary>Reads as the product does, but for files whose names ask for a misfortune.</summary>
internal static class Misbehaving
{
    private static readonly List<byte[]> Hoard = [];

    public static ExtractedDocument Read(ReadingLimits limits, byte[] content, string name, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "overflows-the-stack.pdf":
                Recurse(1);
                break;
            case "hoards-memory.pdf":
                while (true)
                    Hoard.Add(new byte[1 << 20]);
            case "never-ends.pdf":
                while (true)
                    Thread.SpinWait(1000);
            case "exits.pdf":
                Environment.Exit(3);
                break;
            case "babbles.pdf":
                Console.Out.WriteLine("not an answer");
                Console.Out.Flush();
                break;
        }
        return new DocumentReader(limits).Read(content, name, cancellationToken);
    }

    private static int Recurse(int depth) => Recurse(depth + 1) + depth;
}
