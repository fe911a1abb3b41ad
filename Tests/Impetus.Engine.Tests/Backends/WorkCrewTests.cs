using Impetus.Engine.Backends.Cpu;

namespace Impetus.Engine.Tests.Backends;

public sealed class WorkCrewTests
{
    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(4, 1000, 7)]
    [InlineData(3, 5, 100)]
    [InlineData(4, 0, 1)]
    public void Every_item_is_done_once(int threads, int items, int grain)
    {
        using var crew = new WorkCrew(threads);
        for (var run = 0; run < 200; run++)
        {
            var job = new CountJob(new int[items], threads);
            crew.Run(ref job, items, grain);
            Assert.All(job.Done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void A_fault_of_any_thread_reaches_the_caller_and_the_crew_goes_on()
    {
        using var crew = new WorkCrew(3);
        for (var run = 0; run < 50; run++)
        {
            var faulty = new FaultJob(run * 2);
            Assert.ThrowsAny<InvalidOperationException>(() => crew.Run(ref faulty, 100));
            var job = new CountJob(new int[100], 3);
            crew.Run(ref job, 100);
            Assert.All(job.Done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Whoever_is_above_the_limit_rests_until_it_is_lifted()
    {
        using var crew = new WorkCrew(4);
        foreach (int limit in (int[])[1, 3, 4, 2, 0, 9])
        {
            crew.Limit = limit;
            Assert.Equal(Math.Clamp(limit, 1, 4), crew.Limit);
            for (var run = 0; run < 100; run++)
            {
                var job = new CountJob(new int[500], crew.Limit);
                crew.Run(ref job, 500);
                Assert.All(job.Done, count => Assert.Equal(1, count));
            }
        }
    }

    [Fact]
    public void A_crew_that_rests_can_be_dismissed()
    {
        var crew = new WorkCrew(4) { Limit = 1 };
        var job = new CountJob(new int[10], 1);
        crew.Run(ref job, 10);
        crew.Dispose();
    }

    [Fact]
    public void There_is_at_least_one_core_and_no_more_than_processors() =>
        Assert.InRange(PhysicalCores.Count, 1, Environment.ProcessorCount);

    private readonly struct CountJob(int[] done, int threads) : IJob
    {
        public int[] Done => done;

        public void Run(int first, int end, int worker)
        {
            Assert.InRange(worker, 0, threads - 1);
            for (var i = first; i < end; i++)
                Interlocked.Increment(ref done[i]);
        }
    }

    private readonly struct FaultJob(int item) : IJob
    {
        public void Run(int first, int end, int worker)
        {
            if (first <= item && item < end)
                throw new InvalidOperationException("As told.");
        }
    }
}
