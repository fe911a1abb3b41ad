using System.Text;
using System.Text.Json;
using Impetus.Server.Cli;

namespace Impetus.Server.Tests.Cli;

public sealed class JsonLinesTests
{
    [Fact]
    public async Task A_line_that_is_no_object_is_answered_with_its_error_and_the_next_goes_on()
    {
        string[] answers = await AnswersAsync("nonsense\n[1]\n{\"text\":\"ö\"}"u8.ToArray());

        Assert.StartsWith("{\"error\":\"The line is not JSON: ", answers[0], StringComparison.Ordinal);
        Assert.Equal("{\"error\":\"The line is not a JSON object.\"}", answers[1]);
        Assert.Equal("{\"text\":\"ö\"}", answers[2]);
    }

    [Fact]
    public async Task A_byte_order_mark_carriage_returns_and_blank_lines_are_passed_over()
    {
        byte[] input = [.. Encoding.UTF8.Preamble, .. "{\"text\":\"a\"}\r\n\r\n  \n\n{\"text\":\"b\"}\r\n"u8];

        Assert.Equal(["{\"text\":\"a\"}", "{\"text\":\"b\"}"], await AnswersAsync(input));
    }

    [Fact]
    public async Task A_text_that_is_not_Unicode_is_an_error_of_its_line()
    {
        byte[] input = [.. "{\"text\":\"\\ud83d\"}\n{\"text\":\""u8, 0xFF, .. "\"}\n{\"text\":\"\\ud83d\\ude00\"}"u8];

        string[] answers = await AnswersAsync(input);

        Assert.StartsWith("{\"error\":\"text is not Unicode text", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"error\":\"text is not Unicode text", answers[1], StringComparison.Ordinal);
        Assert.Equal("😀", JsonElement.Parse(answers[2]).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_line_of_megabytes_is_answered_whole()
    {
        string text = new('x', 5_000_000);

        string answer = Assert.Single(await AnswersAsync(Encoding.UTF8.GetBytes($"{{\"text\":\"{text}\"}}")));

        Assert.Equal(text, JsonElement.Parse(answer).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_lines_also_when_many_are_begun_at_once()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"{{\"i\":{i}}}\n"))));
        using var output = new MemoryStream();

        await JsonLines.RunAsync(
            input,
            output,
            async line =>
            {
                int i = line.GetProperty("i").GetInt32();
                for (int yields = i % 7; yields > 0; yields--)
                    await Task.Yield();
                return json => json.WriteNumber("i", i);
            },
            ahead: 16);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{{\"i\":{i}}}"), Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_written_as_an_escape()
    {
        using var output = new MemoryStream();

        await JsonLines.RunAsync(new MemoryStream("{}"u8.ToArray()), output, _ => Task.FromResult<Action<Utf8JsonWriter>>(json => json.WriteText("text", "a\"\ud83d")));

        Assert.Equal("{\"text\":\"a\\u0022\\ud83d\"}\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Theory]
    [InlineData("12345678\n1\n", "12345678|1")]
    [InlineData("123456789\n1", "too long|1")]
    [InlineData("12345678901234567890123456789", "too long")]
    [InlineData("1\n\n2", "1||2")]
    [InlineData("", "")]
    public async Task Lines_longer_than_the_limit_are_read_over(string text, string expected)
    {
        var reader = new LineReader(new Trickle(Encoding.ASCII.GetBytes(text)), maxLength: 8);
        var lines = new List<string>();
        while (true)
        {
            try
            {
                if (await reader.ReadAsync() is not { } line)
                    break;
                lines.Add(Encoding.ASCII.GetString(line.Span));
            }
            catch (JsonLineException)
            {
                lines.Add("too long");
            }
        }

        Assert.Equal(expected, string.Join('|', lines));
    }

    private static async Task<string[]> AnswersAsync(byte[] input)
    {
        using var output = new MemoryStream();
        await JsonLines.RunAsync(new MemoryStream(input), output, line =>
        {
            string text = line.Text("text") ?? throw new JsonLineException("text is missing.");
            return Task.FromResult<Action<Utf8JsonWriter>>(json => json.WriteText("text", text));
        });
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Gives three bytes at a time, as a slow pipe does.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(3, buffer.Length)], cancellationToken);
    }
}
