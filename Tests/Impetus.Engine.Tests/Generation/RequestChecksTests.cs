using Impetus.Engine.Generation;

namespace Impetus.Engine.Tests.Generation;

public sealed class RequestChecksTests
{
    private static readonly GenerationRequest Good = new() { Prompt = [1, 2, 3] };

    public static TheoryData<string, GenerationRequest> Bad => new()
    {
        { "Prompt", Good with { Prompt = [] } },
        { "Prompt", Good with { Prompt = [1, 100] } },
        { "Prompt", Good with { Prompt = [-1] } },
        { "MaxTokens", Good with { MaxTokens = -1 } },
        { "Choices", Good with { Choices = 0 } },
        { "Choices", Good with { Choices = 9 } },
        { "TopLogprobs", Good with { TopLogprobs = 21 } },
        { "Stop", Good with { Stop = [""] } },
        { "Stop", Good with { Stop = [.. Enumerable.Repeat("x", RequestChecks.MostStops + 1)] } },
        { "Temperature", Good with { Sampling = new() { Temperature = float.NaN } } },
        { "TopP", Good with { Sampling = new() { TopP = 1.5f } } },
        { "MinP", Good with { Sampling = new() { MinP = -0.1f } } },
        { "TopK", Good with { Sampling = new() { TopK = -1 } } },
        { "RepetitionPenalty", Good with { Sampling = new() { RepetitionPenalty = 0 } } },
        { "PresencePenalty", Good with { Sampling = new() { PresencePenalty = float.PositiveInfinity } } },
        { "LogitBias", Good with { Sampling = new() { LogitBias = new Dictionary<int, float> { [100] = 1 } } } },
        { "LogitBias", Good with { Sampling = new() { LogitBias = new Dictionary<int, float> { [5] = float.NaN } } } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_request_out_of_range_is_refused_by_the_name_of_its_member(string member, GenerationRequest request)
    {
        var error = Assert.Throws<ArgumentException>(() => RequestChecks.Check(request, 100, 8));
        Assert.Equal(member, error.ParamName);
        Assert.StartsWith(member, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_of_defaults_passes() => RequestChecks.Check(Good, 100, 8);
}
