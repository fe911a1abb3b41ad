using System.Text;
using Impetus.Engine.Generation;
using Impetus.Engine.Scheduling;
using Impetus.Server.Management;

namespace Impetus.Server.Tests.Support;

/// <summary>A model whose tokens are bytes, and which says what it is told to.</summary>
internal sealed class FakeChatModel : IChatModel, IFaultSource
{
    public const int BeginOfText = 256;

    public event Action<StepFault>? Faulted;

    public string Id { get; init; } = "test-org/fake-model";

    public ModelDescription Description { get; init; } = new()
    {
        Created = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        Architecture = "llama",
        Quantization = "4-bit affine, groups of 32",
        SizeBytes = 123_456_789,
        Capabilities = ["chat", "completion"],
    };

    public FakeGenerator Fake { get; } = new();

    public IGenerator Generator => Fake;

    public SamplingOptions DefaultSampling { get; init; } = new();

    public SchedulerCounters? Counters => null;

    public bool Disposed { get; private set; }

    public Action? WhenDisposed { get; init; }

    public int Trims { get; private set; }

    /// <summary>As if the engine had failed.</summary>
    public void Fail(StepFault fault) => Faulted?.Invoke(fault);

    public Task TrimPrefixesAsync()
    {
        Trims++;
        return Task.CompletedTask;
    }

    public string Render(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Any(m => m.Content == "refuse me"))
            throw new PromptException("Conversation roles must alternate");
        return string.Concat(messages.Select(m => $"<{m.Role}>{m.Content}")) + "<assistant>";
    }

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens) =>
        [.. addSpecialTokens ? [BeginOfText] : Array.Empty<int>(), .. Encoding.UTF8.GetBytes(text).Select(b => (int)b)];

    public string AsText(string text) => text.Replace("<user>", "<_user>", StringComparison.Ordinal);

    public string Decode(IReadOnlyList<int> ids) =>
        Encoding.UTF8.GetString([.. ids.SelectMany(id => TokenBytes(id).ToArray())]);

    public ReadOnlyMemory<byte> TokenBytes(int id) => id < 256 ? new[] { (byte)id } : "<s>"u8.ToArray();

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        WhenDisposed?.Invoke();
        return default;
    }
}
