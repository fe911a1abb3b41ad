using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Impetus.Server.Tests.Support;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<Entry> Entries { get; } = [];

    /// <summary>The first entry of a kind, now or when it comes.</summary>
    public async Task<Entry> WaitForAsync(Func<Entry, bool> isIt)
    {
        while (true)
        {
            var next = _next.Task;
            if (Entries.FirstOrDefault(isIt) is { } found)
                return found;
            await next.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public string Text => string.Join('\n', Entries.Select(e => $"{e.Message} {e.Fault}"));

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(Entry entry)
    {
        Entries.Enqueue(entry);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public sealed record Entry(LogLevel Level, string Category, string Message, IReadOnlyDictionary<string, object?> Values, Exception? Fault);

    private sealed class Category(RecordedLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(new(logLevel, name, formatter(state, exception),
                (state as IEnumerable<KeyValuePair<string, object?>> ?? []).DistinctBy(p => p.Key).ToDictionary(), exception));
    }
}
