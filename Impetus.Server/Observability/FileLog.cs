using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Impetus.Server.Observability;

/// <summary>Logs into a rotating file: one JSON object a line, the values of a message beside its text.</summary>
internal sealed class FileLog(string folder, long maxBytes = 10 << 20, int keep = 5) : ILoggerProvider
{
    private readonly RotatingFile _file = new(folder, maxBytes, keep);

    public ILogger CreateLogger(string categoryName) => new Category(_file, categoryName);

    public void Dispose() => _file.Dispose();

    private sealed class Category(RotatingFile file, string name) : ILogger
    {
        private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(line, Writing))
            {
                json.WriteStartObject();
                json.WriteString("time", DateTimeOffset.UtcNow);
                json.WriteString("level", logLevel.ToString().ToLowerInvariant());
                json.WriteString("category", name);
                json.WriteString("message", formatter(state, exception));
                if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
                    WriteValues(json, values);
                if (exception is not null)
                    json.WriteString("exception", exception.ToString());
                json.WriteEndObject();
            }

            line.Write("\n"u8);
            file.Write(line.WrittenSpan);
        }

        private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach (var (key, value) in values)
            {
                if (key == "{OriginalFormat}" || value is null)
                    continue;
                json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(key));
                switch (value)
                {
                    case int number: json.WriteNumberValue(number); break;
                    case long number: json.WriteNumberValue(number); break;
                    case double number when double.IsFinite(number): json.WriteNumberValue(Math.Round(number, 3)); break;
                    case bool flag: json.WriteBooleanValue(flag); break;
                    default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
                }
            }
        }
    }
}
