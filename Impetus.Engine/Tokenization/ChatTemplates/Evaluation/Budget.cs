using System.Numerics;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>What one rendering has used of its <see cref="TemplateLimits"/>. Work is charged before it is done.</summary>
internal sealed class Budget(TemplateLimits limits)
{
    /// <summary>Integers are unbounded in Python; ours stop where arithmetic on them would become slow.</summary>
    private const long MaxIntegerBits = 1 << 17;

    /// <summary>
    /// The budget of the rendering that runs on this thread. Equality of values, which collections ask for without
    /// any context, charges it: two small lists can hold one another so often that comparing them takes for ever.
    /// </summary>
    [ThreadStatic]
    private static Budget? s_current;

    private long _steps;
    private int _calls;

    /// <summary>The budget that <see cref="ChargeCurrent"/> charges on this thread.</summary>
    public static Budget? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>Charges the rendering that runs on this thread, if any.</summary>
    public static void ChargeCurrent(long steps) => s_current?.Charge(steps);

    /// <summary>Charges one step.</summary>
    public void Step() => Charge(1);

    /// <summary>Charges a number of steps.</summary>
    public void Charge(long steps)
    {
        _steps += steps;
        if (_steps > limits.MaxSteps || steps < 0)
            throw Errors.Limit($"The template needs more than {limits.MaxSteps} steps (TemplateLimits.MaxSteps).");
    }

    /// <summary>Charges for text that is about to be built; its length is checked too.</summary>
    public void ChargeText(long length)
    {
        CheckLength(length);
        Charge(length >> 4);
    }

    /// <summary>Refuses a text that is too long.</summary>
    public void CheckLength(long length)
    {
        if (length > limits.MaxOutputLength)
            throw Errors.Limit($"The template builds a text of more than {limits.MaxOutputLength} characters (TemplateLimits.MaxOutputLength).");
    }

    /// <summary>Charges for text that is about to be read.</summary>
    public void ChargeScan(long length) => Charge(length >> 6);

    /// <summary>Charges for text that is about to be looked at character by character.</summary>
    public void ChargeCharacters(long length) => Charge(length >> 2);

    /// <summary>Charges for a list of so many elements.</summary>
    public void ChargeItems(BigInteger count) => Charge(count > long.MaxValue >> 1 ? long.MaxValue >> 1 : (long)count);

    /// <summary>Refuses an integer of too many bits.</summary>
    public void CheckBits(BigInteger bits)
    {
        if (bits > MaxIntegerBits)
            throw Errors.Limit($"The template computes an integer of more than {MaxIntegerBits} bits.");

        Charge((long)bits >> 3);
    }

    /// <summary>Enters a macro, call block or recursive loop.</summary>
    public void EnterCall()
    {
        if (++_calls > limits.MaxCallDepth)
            throw Errors.Limit($"The template's calls nest deeper than {limits.MaxCallDepth} (TemplateLimits.MaxCallDepth).");
    }

    /// <summary>Leaves what <see cref="EnterCall"/> entered.</summary>
    public void LeaveCall() => _calls--;
}
