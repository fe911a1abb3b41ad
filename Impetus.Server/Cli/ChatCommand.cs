using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Impetus.Server.Cli;

/// <summary>`impetus chat`: a conversation with the running server, turn by turn, streamed.</summary>
internal static class ChatCommand
{
    private const string Help = "/clear forgets the conversation, /exit or Ctrl-D ends. Ctrl-C stops an answer.";

    public static void AddTo(Command root, CommandStreams streams)
    {
        var settings = new SettingOptions();
        var system = new Option<string?>("--system") { Description = "What the model is told first, about itself.", HelpName = "text" };
        var command = new Command("chat", $"Talks with a model; each line is a turn. {Help}") { system };
        var sampling = new ChatSampling();
        sampling.AddTo(command);
        settings.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var read = settings.Read(parsed);
            await using var server = await ServerConnection.OpenAsync(read, cancel);
            bool people = !Console.IsInputRedirected;
            if (people)
                await streams.Error.WriteLineAsync($"{read.Model}. {Help}");
            await new Conversation(server.Client, read.Model, parsed.GetValue(system), sampling.Read(parsed, read), streams, people).RunAsync(cancel);
            return ExitCode.Ok;
        });
        root.Subcommands.Add(command);
    }

    private sealed class Conversation(
        HttpClient client, string model, string? system, Action<Utf8JsonWriter> writeSampling, CommandStreams streams, bool people)
    {
        private readonly List<(string Role, string Content)> _turns = [];

        public async Task RunAsync(CancellationToken cancel)
        {
            using var lines = new StreamReader(streams.Input, leaveOpen: true);
            while (await NextAsync(lines, cancel) is { } line)
            {
                if (line.Trim() == "/exit")
                    return;
                if (line.Trim() == "/clear")
                    _turns.Clear();
                else if (!string.IsNullOrWhiteSpace(line))
                    await AnswerAsync(line, cancel);
            }
        }

        private async Task<string?> NextAsync(StreamReader lines, CancellationToken cancel)
        {
            if (people)
                await streams.Error.WriteAsync("> ");
            return await lines.ReadLineAsync(cancel);
        }

        /// <summary>Streams one answer. What was said until Ctrl-C stays in the conversation; a refused turn does not.</summary>
        private async Task AnswerAsync(string question, CancellationToken cancel)
        {
            _turns.Add(("user", question));
            var answer = new StringBuilder();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
            try
            {
                await StreamAsync(answer, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                await streams.Text.WriteAsync(" [stopped]");
            }
            catch (Exception fault) when (people && fault is ServerAnswerException or HttpRequestException)
            {
                await streams.Error.WriteLineAsync($"impetus: {fault.Message}");
            }

            await streams.Text.WriteLineAsync();
            if (answer.Length > 0)
                _turns.Add(("assistant", answer.ToString()));
            else
                _turns.RemoveAt(_turns.Count - 1);
        }

        private async Task StreamAsync(StringBuilder answer, CancellationToken cancel)
        {
            var output = streams.Text;
            await foreach (var step in ChatEvents.SendAsync(client, Write, cancel))
            {
                string text = ChatEvents.Text(step);
                answer.Append(text);
                await output.WriteAsync(TerminalText.Safe(text));
                await output.FlushAsync(cancel);
            }
        }

        private void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", true);
            writeSampling(json);
            json.WriteStartArray("messages");
            foreach (var (role, content) in system is null ? _turns : [("system", system), .. _turns])
            {
                json.WriteStartObject();
                json.WriteString("role", role);
                json.WriteString("content", content);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
