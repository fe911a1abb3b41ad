using System.Globalization;

namespace Impetus.Server.Observability;

/// <summary>Logs for the person at the terminal: a time and a sentence. Thread safe.</summary>
internal sealed class ConsoleLog(TextWriter output) : ILoggerProvider
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public ILogger CreateLogger(string categoryName) => new Category(_output);

    public void Dispose()
    {
    }

    private sealed class Category(TextWriter output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string time = DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            string level = logLevel switch
            {
                LogLevel.Warning => "warning: ",
                LogLevel.Error or LogLevel.Critical => "error: ",
                _ => "",
            };
            string cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            output.WriteLine($"{time} {level}{Printable(formatter(state, exception))}{cause}");
        }

        // What others send may not move the cursor or colour the screen.
        private static string Printable(string text) =>
            text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? '\ufffd' : c)) : text;
    }
}
