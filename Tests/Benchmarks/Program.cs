using Impetus.Benchmarks;

switch (args.FirstOrDefault())
{
    case "kernels":
        KernelBenchmark.Run(args[1..]);
        return 0;
    case "embeddings":
        await EmbeddingBenchmark.RunAsync(args[1..]);
        return 0;
    case "tokenizer":
        TokenizerBenchmark.Run(args[1..]);
        return 0;
    case "retrieval":
        await RetrievalBenchmark.RunAsync(args[1..]);
        return 0;
    case "hollow":
        HollowModel.Write(args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("""
            Usage: kernels [--threads N] [--vectors Scalar|Bits128|Bits256|Bits512] [--fast]
                   embeddings [--threads N] [--seconds N] [--batch LARGEST] [--processor-time]
                   tokenizer [--text FILE] [--write-text FILE] [FOLDER…]
                   retrieval FOLDER…
                   hollow FOLDER 1b|8b|13b
            """);
        return 2;
}
