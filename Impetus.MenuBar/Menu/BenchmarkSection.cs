using static Impetus.MenuBar.Menu.MenuCommand;

namespace Impetus.MenuBar.Menu;

/// <summary>How fast the model is here: to be measured, being measured, measured.</summary>
internal static class BenchmarkSection
{
    public static IEnumerable<MenuEntry> Build(AppState state, Strings strings)
    {
        switch (state.Benchmark)
        {
            case BenchmarkState.Offered:
                yield return new MenuItem("benchmark", strings.RunBenchmark) { ToolTip = strings.BenchmarkToolTip, Command = new RunBenchmark() };
                break;
            case BenchmarkState.Running running:
                yield return new MenuItem("benchmark.running", strings.Measuring(running))
                {
                    Children = [new MenuItem("benchmark.cancel", strings.CancelBenchmark) { Command = new CancelBenchmark() }],
                };
                break;
            case BenchmarkState.Done done:
                yield return new MenuItem("benchmark.done", strings.Measured(done))
                {
                    Children =
                    [
                        new MenuItem("benchmark.model", ModelState.NameOf(done.Model)) { ToolTip = done.Model },
                        new MenuItem("benchmark.written", strings.Written(done.WrittenPerSecond)),
                        new MenuItem("benchmark.read", strings.Read(done.ReadPerSecond)),
                        new MenuItem("benchmark.first", strings.FirstToken(done.FirstTokenMilliseconds)),
                        new MenuSeparator(),
                        new MenuItem("benchmark.again", strings.RunBenchmarkAgain) { ToolTip = strings.BenchmarkToolTip, Command = new RunBenchmark() },
                    ],
                };
                break;
        }
    }
}
