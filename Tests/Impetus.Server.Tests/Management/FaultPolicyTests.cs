using Impetus.Engine.Scheduling;
using Impetus.Server.Management;
using Microsoft.Extensions.Time.Testing;

namespace Impetus.Server.Tests.Management;

public sealed class FaultPolicyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FaultPolicy _policy;

    public FaultPolicyTests() => _policy = new FaultPolicy(_time);

    [Fact]
    public void The_second_fault_on_the_same_input_within_a_minute_marks_the_model_failed()
    {
        Assert.Equal(FaultVerdict.Unload, Judge("org/model", 1, 2, 3));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(_policy.WhyFailed("org/model"));
        Assert.Equal(FaultVerdict.MarkFailed, Judge("org/model", 9, 3));
        Assert.Contains("the device is lost", _policy.WhyFailed("org/model"), StringComparison.Ordinal);
        Assert.Null(_policy.WhyFailed("org/other"));
    }

    [Fact]
    public void After_a_minute_it_is_a_first_fault_again()
    {
        Judge("org/model", 1);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(FaultVerdict.Unload, Judge("org/model", 1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(FaultVerdict.MarkFailed, Judge("org/model", 1));
    }

    [Fact]
    public void Another_model_or_another_input_is_not_held_against_it()
    {
        Judge("org/model", 1);
        Assert.Equal(FaultVerdict.Unload, Judge("org/model", 2));
        Assert.Equal(FaultVerdict.Unload, Judge("org/other", 1));
    }

    [Fact]
    public void A_model_that_is_loaded_by_name_begins_anew()
    {
        Judge("org/model", 1);
        Judge("org/model", 1);
        _policy.Forget("org/model");
        Assert.Null(_policy.WhyFailed("org/model"));
        Assert.Equal(FaultVerdict.Unload, Judge("org/model", 1));
    }

    private FaultVerdict Judge(string model, params ulong[] inputs) =>
        _policy.Judge(model, new StepFault(new InvalidOperationException("the device is lost"), inputs));
}
