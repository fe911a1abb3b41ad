using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

public sealed class StressTests
{
    [Theory]
    [InlineData(1, 100_000, false)]
    [InlineData(2, 1200, false)]
    [InlineData(3, 100_000, true)]
    [InlineData(4, 1200, true)]
    public async Task After_32_clients_of_whom_a_third_hang_up_nothing_is_left_and_the_next_answer_is_right(int seed, int memoryTokens, bool runsAhead)
    {
        await using var server = new ToyServer(ToyDecoder.Babbling(), new SchedulerOptions
        {
            MaxSequences = 12,
            StepTokens = 64,
            PrefillChunk = 24,
            CacheBytes = (long)memoryTokens * ToyBackend.BytesPerToken,
        }, runsAhead);
        var clients = Enumerable.Range(0, 32).Select(client => Task.Run(() => Client(server, new Random(seed * 1000 + client))));
        int[] counts = await Task.WhenAll(clients);

        await server.UntilAsync(() => !server.Scheduler.HasWork);
        Assert.Equal(counts.Sum(), server.Counters.Completed + server.Counters.Cancelled);
        Assert.Equal(0, server.Counters.Failed);
        Assert.InRange(server.Backend.MostLiveTokens, 1, memoryTokens);
        Assert.True(server.Counters.Cancelled > 0 && server.Counters.Completed > 0);

        var request = ToyServer.Request("and the next answer", 40, 99);
        await using var fresh = new ToyServer(ToyDecoder.Babbling());
        Assert.Equal((await fresh.AskAsync(request)).Text(), (await server.AskAsync(request)).Text());
        await server.AssertIdleAsync();
    }

    /// <summary>Asks four times, some of them leaving at a random event, some by their token.</summary>
    private static async Task<int> Client(ToyServer server, Random random)
    {
        const int Requests = 4;
        for (int i = 0; i < Requests; i++)
        {
            var request = ToyServer.Request(new string((char)('a' + random.Next(4)), 1 + random.Next(150)), 1 + random.Next(60)) with
            {
                Choices = 1 + random.Next(3),
                Stop = random.Next(3) == 0 ? ["qu"] : [],
            };
            int leaves = random.Next(3) == 0 ? random.Next(40) : int.MaxValue;
            bool byToken = random.Next(2) == 0;
            using var cancel = new CancellationTokenSource();
            try
            {
                int events = 0;
                await foreach (var next in server.Scheduler.GenerateAsync(request, cancel.Token))
                {
                    if (++events < leaves)
                        continue;
                    if (!byToken)
                        break;
                    await cancel.CancelAsync();
                }
            }
            catch (OperationCanceledException)
            {
                Assert.True(byToken);
            }
        }

        return Requests;
    }
}
