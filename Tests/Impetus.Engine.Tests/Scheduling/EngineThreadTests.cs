using Impetus.Engine.Scheduling;

namespace Impetus.Engine.Tests.Scheduling;

public sealed class EngineThreadTests
{
    [Fact]
    public async Task Sources_with_work_take_turns()
    {
        using var engine = new EngineThread();
        var order = new List<string>();
        var first = new Source(() => order.Add("first"), steps: 3);
        var second = new Source(() => order.Add("second"), steps: 2);
        await engine.InvokeAsync(() =>
        {
            engine.Add(first);
            engine.Add(second);
        });
        await UntilAsync(engine, () => !first.HasWork && !second.HasWork);
        Assert.Equal(["first", "second", "first", "second", "first"], order);
    }

    [Fact]
    public async Task A_step_that_throws_fails_its_source_alone_even_if_that_throws_too()
    {
        using var engine = new EngineThread();
        var bad = new Source(() => throw new InvalidOperationException("bad step"), steps: 1) { OnFail = _ => throw new InvalidOperationException() };
        int steps = 0;
        var good = new Source(() => steps++, steps: 5);
        engine.Add(bad);
        engine.Add(good);
        await UntilAsync(engine, () => !good.HasWork && bad.Fault is not null);
        Assert.Equal((5, "bad step"), (steps, bad.Fault!.Message));
    }

    [Fact]
    public async Task A_long_function_lets_sources_and_posted_actions_go_on_and_no_other_long_one()
    {
        using var engine = new EngineThread();
        var order = new List<string>();
        var source = new Source(() => order.Add("step"), steps: 2);
        Task? posted = null, second = null;
        await engine.InvokeLongAsync(() =>
        {
            engine.Add(source);
            second = engine.InvokeLongAsync(() => { order.Add("second"); return 0; });
            posted = engine.InvokeAsync(() => order.Add("posted"));
            order.Add("part");
            engine.Breathe();
            order.Add("part");
            engine.Breathe();
            return 0;
        });
        await posted!;
        await second!;
        Assert.Equal(["part", "posted", "step", "part", "step", "second"], order);
    }

    [Fact]
    public async Task A_removed_source_is_not_stepped_again()
    {
        using var engine = new EngineThread();
        int steps = 0;
        var source = new Source(() => steps++, steps: int.MaxValue);
        engine.Add(source);
        await UntilAsync(engine, () => steps > 10);
        await engine.RemoveAsync(source);
        int then = steps;
        await engine.InvokeAsync(() => { });
        await engine.InvokeAsync(() => { });
        Assert.Equal(then, steps);
    }

    [Fact]
    public async Task What_a_posted_function_throws_reaches_its_caller()
    {
        using var engine = new EngineThread();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => engine.InvokeAsync(() => throw new InvalidOperationException("posted")));
        Assert.Equal("posted", error.Message);
        Assert.True(await engine.InvokeAsync(() => engine.IsCurrent));
        Assert.False(engine.IsCurrent);
    }

    [Fact]
    public void A_thread_that_has_ended_has_failed_its_sources_and_takes_nothing_more()
    {
        var engine = new EngineThread();
        var source = new Source(() => { }, steps: 0);
        engine.Add(source);
        engine.Dispose();
        engine.Dispose();
        Assert.IsType<ObjectDisposedException>(source.Fault);
        Assert.Throws<ObjectDisposedException>(engine.Wake);
        Assert.Throws<ObjectDisposedException>(() => { _ = engine.InvokeAsync(() => { }); });
        Assert.Throws<ObjectDisposedException>(() => { _ = engine.RemoveAsync(source); });
    }

    private static async Task UntilAsync(EngineThread engine, Func<bool> condition)
    {
        while (!await engine.InvokeAsync(condition))
            await Task.Yield();
    }

    private sealed class Source(Action step, int steps) : IStepSource
    {
        private int _left = steps;

        public Action<Exception>? OnFail { get; init; }

        public Exception? Fault { get; private set; }

        public bool HasWork => _left > 0;

        public void Step()
        {
            _left--;
            step();
        }

        public void Fail(Exception fault)
        {
            Fault = fault;
            OnFail?.Invoke(fault);
        }
    }
}
